#!/usr/bin/env node
/** `axios-challenge`: the program that the package installs. */

import { live } from './io/process.js';
import { program } from './program.js';

live((leaving) => program(process.argv.slice(2), leaving));
