/* Depthwise convolution: weights (kernel height, kernel width, channels * multiplier). */
typedef struct {
  Weighted w;
  Window at;
  Size multiplier;
} Depthwise;

static int32_t filtered(const FLASH Depthwise *d, const int8_t *x, const FLASH int8_t *w, Size y0, Size x0) {
  const FLASH Window *at = &d->at;
  const Size step = at->channels * d->multiplier;
  int32_t sum = 0;
  for (Size j = 0, y = y0; j < at->kernel_height; ++j, y += at->dilation_y) {
    const int row = y >= 0 && y < at->height;
    for (Size i = 0, z = x0; i < at->kernel_width; ++i, z += at->dilation_x, w += step) {
      if (row && z >= 0 && z < at->width) sum += *w * (x[(y * at->width + z) * at->channels] - d->w.input_zero);
    }
  }
  return sum;
}

static void convolve_depthwise(const FLASH Depthwise *d, const int8_t *x, int8_t *y) {
  const FLASH Window *at = &d->at;
  for (Size j = 0; j < at->out_height; ++j) {
    for (Size i = 0; i < at->out_width; ++i) {
      const Size y0 = j * at->stride_y - at->top, x0 = i * at->stride_x - at->left;
      for (Size c = 0, o = 0; c < at->channels; ++c) {
        for (Size m = 0; m < d->multiplier; ++m, ++o) {
          *y++ = finished(&d->w, o, d->w.bias[o] + filtered(d, x + c, d->w.weights + o, y0, x0));
        }
      }
    }
  }
}
