/* Scaling by significand / 2^31 * 2^shift, rounded twice, as TensorFlow Lite Micro does it. */

_Static_assert((-1 >> 1) == -1, "right shifts of negative numbers must keep the sign");

static int32_t halved(int32_t x, uint8_t times) {
  const int32_t mask = (int32_t)(((uint32_t)1 << times) - 1);
  return (x >> times) + ((x & mask) > (mask >> 1) + (x < 0));
}

static int32_t high_product(int32_t a, int32_t b) {
  return (int32_t)(((int64_t)a * b + (INT32_C(1) << 30)) >> 31);
}
