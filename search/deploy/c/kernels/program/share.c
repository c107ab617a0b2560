uint8_t net_confidence(void) {
  return (uint8_t)(((uint32_t)(net_output()[net_class()] + 128) * 100 + 128) / 256);
}
