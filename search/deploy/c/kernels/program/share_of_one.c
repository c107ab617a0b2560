uint8_t net_confidence(void) {
  const uint32_t share = (uint32_t)(net_output()[0] + 128);
  return (uint8_t)(((net_class() ? share : 256 - share) * 100 + 128) / 256);
}
