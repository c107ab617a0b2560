/* exp(-difference * scale) * 2^16 */
static uint32_t power(uint16_t difference) {
  uint32_t result = UINT32_C(65536);
  for (uint8_t bit = 0; bit < 8; ++bit) {
    if (difference >> bit & 1) result = (result * (uint32_t)@powers@[bit]) >> 16;
  }
  return result;
}
