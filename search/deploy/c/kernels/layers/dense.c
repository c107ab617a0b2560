/* Fully connected: weights (outputs, inputs). The bias takes in what the zero point adds to every sum. */
typedef struct {
  Weighted w;
  Size rows, inputs, outputs;
} Dense;

static void fully_connect(const FLASH Dense *d, const int8_t *x, int8_t *y) {
  for (Size row = 0; row < d->rows; ++row, x += d->inputs) {
    for (Size c = 0; c < d->outputs; ++c) {
      *y++ = finished(&d->w, c, d->w.bias[c] + dot(x, d->w.weights + c * d->inputs, d->inputs));
    }
  }
}
