uint8_t net_confidence(void) {
  const int8_t *y = net_output();
  const int8_t most = y[net_class()];
  uint32_t total_power = 0;
  for (int16_t c = 0; c < NET_OUTPUT_SIZE; ++c) total_power += power((uint16_t)(most - y[c])) >> 4;
  return (uint8_t)((UINT32_C(4096) * 100 + total_power / 2) / total_power);
}
