/* The largest value, or the rounded mean, of each window; cells beyond the border do not count. */
typedef struct {
  Window at;
  int8_t largest, low, high;
} Pool;

static int32_t pooled(const FLASH Pool *p, const int8_t *x, Size y0, Size x0) {
  const FLASH Window *at = &p->at;
  const Size y1 = y0 + at->kernel_height < at->height ? y0 + at->kernel_height : at->height;
  const Size x1 = x0 + at->kernel_width < at->width ? x0 + at->kernel_width : at->width;
  int32_t sum = 0, count = 0, most = -128;
  for (Size y = y0 < 0 ? 0 : y0; y < y1; ++y) {
    for (Size z = x0 < 0 ? 0 : x0; z < x1; ++z, ++count) {
      const int8_t value = x[(y * at->width + z) * at->channels];
      sum += value;
      if (value > most) most = value;
    }
  }
  return p->largest ? most : (sum > 0 ? sum + count / 2 : sum - count / 2) / count;
}

static void pool_windows(const FLASH Pool *p, const int8_t *x, int8_t *y) {
  const FLASH Window *at = &p->at;
  for (Size j = 0; j < at->out_height; ++j) {
    for (Size i = 0; i < at->out_width; ++i) {
      for (Size c = 0; c < at->channels; ++c) {
        *y++ = clamped(pooled(p, x + c, j * at->stride_y - at->top, i * at->stride_x - at->left), p->low, p->high);
      }
    }
  }
}
