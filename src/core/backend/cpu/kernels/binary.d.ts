/** The compiled kernels; `scripts/buildKernels.mjs` writes `binary.js`. */
export const kernelsBase64: string;
