/** Progress over several sends. */

import type { AxiosProgressEvent, InternalAxiosRequestConfig } from 'axios';
import { Progress } from '../../../../src/axios/body/progress.js';

test('a late event of an earlier send is not passed on', () => {
  const told: number[] = [];
  const config = { onUploadProgress: ({ loaded }: AxiosProgressEvent) => void told.push(loaded) };
  const progress = new Progress(config as unknown as InternalAxiosRequestConfig);
  const sends = [1, 2].map(() => {
    const copy: { onUploadProgress?: (event: AxiosProgressEvent) => void } = {};
    progress.listen(copy as InternalAxiosRequestConfig);
    return (loaded: number) => copy.onUploadProgress?.({ loaded, bytes: 0, lengthComputable: false });
  });
  sends[1]?.(5);
  sends[0]?.(9);
  sends[1]?.(7);
  expect(told).toEqual([5, 7]);
});
