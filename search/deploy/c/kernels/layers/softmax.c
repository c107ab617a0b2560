/* Softmax in fixed point: `powers` are exp of the differences 0, 1, ... from the largest code; beyond them is nothing. */
typedef struct {
  const FLASH int32_t *powers;
  int16_t count;
  Size rows, depth;
} Softmax;

static int32_t doubled(int32_t x, uint8_t times) {
  const int32_t most = (INT32_C(1) << (31 - times)) - 1;
  return x > most ? INT32_MAX : x < -most ? INT32_MIN : x * (INT32_C(1) << times);
}

/* 1 / (1 + x), both from 0 to 1: three steps of Newton and Raphson's division. */
static int32_t reciprocal_of_one_plus(int32_t x) {
  const int32_t half = (int32_t)(((int64_t)x + INT32_MAX + 1) / 2);
  int32_t y = INT32_C(1515870810) + high_product(half, INT32_C(-1010580540));
  for (uint8_t step = 0; step < 3; ++step) {
    y += doubled(high_product(y, (INT32_C(1) << 29) - high_product(half, y)), 2);
  }
  return doubled(y, 1);
}

static void softmax_row(const FLASH Softmax *s, const int8_t *x, int8_t *y) {
  int8_t most = -128;
  for (Size c = 0; c < s->depth; ++c) most = x[c] > most ? x[c] : most;
  int32_t total_power = 0;
  for (Size c = 0; c < s->depth; ++c) {
    if (most - x[c] < s->count) total_power += halved(s->powers[most - x[c]], 12);
  }
  uint8_t headroom = 0;
  while (!(((uint32_t)total_power << headroom) & UINT32_C(0x80000000))) ++headroom;
  const uint32_t normal = ((uint32_t)total_power << headroom) - UINT32_C(0x80000000);
  const int32_t scale = reciprocal_of_one_plus((int32_t)normal);
  for (Size c = 0; c < s->depth; ++c) {
    const int16_t difference = (int16_t)(most - x[c]);
    const int32_t share = difference < s->count ? high_product(scale, s->powers[difference]) : 0;
    y[c] = difference < s->count ? clamped(halved(share, (uint8_t)(12 - headroom + 31 - 8)) - 128, -128, 127) : -128;
  }
}

static void soften(const FLASH Softmax *s, const int8_t *x, int8_t *y) {
  for (Size row = 0; row < s->rows; ++row, x += s->depth, y += s->depth) softmax_row(s, x, y);
}
