static int8_t clamped(int32_t x, int8_t low, int8_t high) {
  return (int8_t)(x < low ? low : x > high ? high : x);
}
