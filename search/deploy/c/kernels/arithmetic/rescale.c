static int32_t rescaled(int32_t x, int32_t significand, int8_t shift) {
  if (shift > 0) return high_product((int32_t)((uint32_t)x << shift), significand);
  return halved(high_product(x, significand), (uint8_t)-shift);
}
