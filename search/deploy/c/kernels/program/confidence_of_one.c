uint8_t net_confidence(void) {
  const int16_t distance = (int16_t)(net_output()[0] - (@zero@));
  const uint32_t other = power((uint16_t)(distance < 0 ? -distance : distance)) >> 4;
  return (uint8_t)((UINT32_C(4096) * 100 + (4096 + other) / 2) / (4096 + other));
}
