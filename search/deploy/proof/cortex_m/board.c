/* Start-up of a simulated Cortex-M: memory, SysTick as an instruction counter, output by semihosting, used stack. */
#include "board.h"

extern uint32_t data_load, data_begin, data_end, bss_begin, bss_end, stack_bottom, stack_top;
int16_t SELFTEST(void);
void *memset(void *to, int value, unsigned int count);
void *memcpy(void *restrict to, const void *restrict from, unsigned int count);
_Noreturn void board_start(void);

#define PAINT UINT32_C(0x5ca1ab1e)
#define SYSTICK ((volatile uint32_t *)0xe000e010)

static uint32_t per_tick, most_stack;

static int32_t semihosting(int32_t operation, const void *argument) {
  register int32_t r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

void board_print(const char *text) { semihosting(0x04, text); }

#ifdef BOARD_NO_TICKS
static void restart(void) {}

static uint32_t ticks(void) { return 0; }

static void calibrate(void) { per_tick = 0; }
#else
/* Writing clears the counter; it is loaded at the next tick. */
static void restart(void) {
  SYSTICK[2] = 0;
  while (SYSTICK[2] == 0) {}
}

static uint32_t ticks(void) { return 0xffffff - SYSTICK[2]; }

/* How many instructions pass in a tick: the clocks of the boards differ. */
static void calibrate(void) {
  SYSTICK[1] = 0xffffff;
  SYSTICK[0] = 5;
  restart();
  const uint32_t begin = ticks();
  uint32_t n = 100000;
  __asm__ volatile(".syntax unified\n1: subs %0, #1\n bne 1b" : "+l"(n) : : "cc");
  const uint32_t spent = ticks() - begin;
  per_tick = (200000 + spent / 2) / spent;
}
#endif

/* The first of two calls paints the stack below, the second looks how much of it was used. */
uint32_t board_clock(void) {
  static uint8_t second;
  uint32_t *here = __builtin_frame_address(0);
  if (second) {
    const uint32_t now = ticks();
    uint32_t *low = &stack_bottom;
    while (low < here && *low == PAINT) ++low;
    const uint32_t used = (uint32_t)((uint8_t *)here - (uint8_t *)low);
    if (used > most_stack) most_stack = used;
    second = 0;
    return now * per_tick;
  }
  for (volatile uint32_t *low = &stack_bottom; low < here - 8; ++low) *low = PAINT;
  second = 1;
  restart();
  return ticks() * per_tick;
}

static void print_number(const char *name, uint32_t number) {
  char text[12];
  uint8_t at = sizeof text - 1;
  text[at] = 0;
  do text[--at] = (char)('0' + number % 10);
  while (number /= 10);
  board_print(name);
  board_print(text + at);
}

_Noreturn void board_start(void) {
  for (uint32_t *from = &data_load, *to = &data_begin; to < &data_end;) *to++ = *from++;
  for (uint32_t *to = &bss_begin; to < &bss_end;) *to++ = 0;
  calibrate();
  const int16_t failed = SELFTEST();
  print_number("unas-board stack=", most_stack);
  print_number(" instructions_per_tick=", per_tick);
  board_print("\n");
  const uint32_t status[2] = {0x20026, failed ? 1 : 0};
  for (;;) semihosting(0x20, status);
}

/* What compilers call although there is no C library. */
void *memset(void *to, int value, unsigned int count) {
  for (volatile uint8_t *at = to; count > 0; --count) *at++ = (uint8_t)value;
  return to;
}

void *memcpy(void *restrict to, const void *restrict from, unsigned int count) {
  const uint8_t *source = from;
  for (volatile uint8_t *at = to; count > 0; --count) *at++ = *source++;
  return to;
}

__attribute__((section(".vectors"), used)) static void *const vectors[] = {&stack_top, (void *)board_start};
