/* Convolution: weights (output channels, kernel height, kernel width, channels). The bias takes in what the
   zero point adds to every sum; so cells beyond the border have the value of the zero point. */
typedef struct {
  Weighted w;
  Window at;
  Size outputs;
} Convolution;

static int32_t total(const FLASH int8_t *w, Size n) {
  int32_t sum = 0;
  while (n-- > 0) sum += *w++;
  return sum;
}

static int32_t convolved(const FLASH Convolution *c, const int8_t *x, const FLASH int8_t *w, Size y0, Size x0) {
  const FLASH Window *at = &c->at;
  const Size cells = at->kernel_width * at->channels;
  int32_t sum = 0;
  for (Size j = 0, y = y0; j < at->kernel_height; ++j, y += at->dilation_y) {
    if (y < 0 || y >= at->height) {
      sum += c->w.input_zero * total(w, cells);
      w += cells;
    } else if (at->dilation_x == 1 && x0 >= 0 && x0 + at->kernel_width <= at->width) {
      sum += dot(x + (y * at->width + x0) * at->channels, w, cells);
      w += cells;
    } else {
      for (Size i = 0, z = x0; i < at->kernel_width; ++i, z += at->dilation_x, w += at->channels) {
        const int outside = z < 0 || z >= at->width;
        sum += outside ? c->w.input_zero * total(w, at->channels)
                       : dot(x + (y * at->width + z) * at->channels, w, at->channels);
      }
    }
  }
  return sum;
}

static void convolve(const FLASH Convolution *c, const int8_t *x, int8_t *y) {
  const FLASH Window *at = &c->at;
  const Size weights = at->kernel_height * at->kernel_width * at->channels;
  for (Size j = 0; j < at->out_height; ++j) {
    for (Size i = 0; i < at->out_width; ++i) {
      const Size y0 = j * at->stride_y - at->top, x0 = i * at->stride_x - at->left;
      for (Size o = 0; o < c->outputs; ++o) {
        *y++ = finished(&c->w, o, c->w.bias[o] + convolved(c, x, c->w.weights + o * weights, y0, x0));
      }
    }
  }
}
