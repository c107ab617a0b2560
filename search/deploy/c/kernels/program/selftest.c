/* Self-test of @name@: does this board compute what the network computed where it was found?

   Build it with all three sources and NET_TRACE defined. Every example prints one line:
     unas-selftest network=@name@ example=0 kind=validation ok=1 class=3 confidence=97 us=812
   `us` are microseconds, where NET_CLOCK_US() gives a uint32_t that counts them; of an example that fails, `layer`
   names the first layer with other values. Define NET_PRINT(text) where there is no standard output. */
#include "@name@.h"

#ifndef NET_TRACE
#error "Define @NAME@_TRACE for this file and for @name@.c: the self-test looks at every layer."
#endif

#ifndef NET_PRINT
#include <stdio.h>
#define NET_PRINT(text) fputs(text, stdout)
#endif

#ifndef NET_CLOCK_FIELD
#define NET_CLOCK_FIELD " us="
#endif

int16_t net_selftest(void);

#define EXAMPLES @examples@ /* stored ones, from the validation split */
#define RUNS @runs@ /* with those that are made here: the lowest code, the highest, zero, and random ones */

static const NET_FLASH int8_t inputs[EXAMPLES][NET_INPUT_SIZE] = {
@inputs@
};

static const NET_FLASH @type@ outputs[RUNS][NET_OUTPUT_SIZE] = {
@outputs@
};

/* CRC-32 of the values of every layer. */
static const NET_FLASH uint32_t checksums[RUNS][NET_LAYERS] = {
@checksums@
};

static const char *const layers[NET_LAYERS] = {
@layers@
};

static int16_t run, failed_layer;
static uint8_t checking;

static uint32_t crc32(const int8_t *values, uint32_t count) {
  static const NET_FLASH uint32_t table[16] = {
    0x00000000u, 0x1db71064u, 0x3b6e20c8u, 0x26d930acu, 0x76dc4190u, 0x6b6b51f4u, 0x4db26158u, 0x5005713cu,
    0xedb88320u, 0xf00f9344u, 0xd6d6a3e8u, 0xcb61b38cu, 0x9b64c2b0u, 0x86d3d2d4u, 0xa00ae278u, 0xbdbdf21cu,
  };
  uint32_t crc = UINT32_C(0xffffffff);
  while (count-- > 0) {
    crc ^= (uint8_t)*values++;
    crc = table[crc & 15] ^ crc >> 4;
    crc = table[crc & 15] ^ crc >> 4;
  }
  return ~crc;
}

void net_layer_done(uint16_t layer, const int8_t *values, uint32_t count) {
  if (checking && failed_layer < 0 && crc32(values, count) != checksums[run][layer]) failed_layer = (int16_t)layer;
}

/* Marsaglia's xorshift: the same numbers everywhere. */
static int8_t random_code(uint32_t *state) {
  *state ^= *state << 13;
  *state ^= *state >> 17;
  *state ^= *state << 5;
  return (int8_t)(uint8_t)(*state >> 24);
}

static const char *set_input(void) {
  int8_t *input = net_input();
  uint32_t state = UINT32_C(2463534242) + (uint32_t)run;
  const int16_t made = (int16_t)(run - EXAMPLES);
  for (int32_t i = 0; i < NET_INPUT_SIZE; ++i) {
    if (made < 0) input[i] = inputs[run][i];
    else if (made == 0) input[i] = @low@;
    else if (made == 1) input[i] = @high@;
    else if (made == 2) input[i] = (int8_t)(NET_INPUT_ZERO);
    else input[i] = random_code(&state);
  }
  return made < 0 ? "validation" : made < 3 ? "extreme" : "random";
}

static void print_number(const char *name, uint32_t number) {
  char text[12];
  uint8_t at = sizeof text - 1;
  text[at] = 0;
  do text[--at] = (char)('0' + number % 10);
  while (number /= 10);
  NET_PRINT(name);
  NET_PRINT(text + at);
}

static uint8_t as_expected(void) {
  const @type@ *found = (const @type@ *)net_output();
  for (int16_t i = 0; i < NET_OUTPUT_SIZE; ++i) {
    if (found[i] != outputs[run][i]) return 0;
  }
  return failed_layer < 0;
}

/* Returns how many examples failed. */
int16_t net_selftest(void) {
  int16_t failed = 0;
  for (run = 0; run < RUNS; ++run) {
    checking = 0;
    set_input();
#ifdef NET_CLOCK_US
    const uint32_t begin = NET_CLOCK_US();
    net_invoke();
    const uint32_t spent = NET_CLOCK_US() - begin;
#endif
    checking = 1;
    failed_layer = -1;
    const char *kind = set_input();
    net_invoke();
    const uint8_t ok = as_expected();
    failed = (int16_t)(failed + !ok);
    print_number("unas-selftest network=@name@ example=", (uint32_t)run);
    NET_PRINT(" kind=");
    NET_PRINT(kind);
    print_number(" ok=", ok);
    print_number(" class=", (uint32_t)net_class());
    print_number(" confidence=", net_confidence());
#ifdef NET_CLOCK_US
    print_number(NET_CLOCK_FIELD, spent);
#endif
    if (!ok) {
      NET_PRINT(" layer=");
      NET_PRINT(failed_layer < 0 ? "output" : layers[failed_layer]);
    }
    NET_PRINT("\n");
  }
  print_number("unas-selftest network=@name@ done=", RUNS);
  print_number(" failed=", (uint32_t)failed);
  print_number(" arena=", NET_ARENA_BYTES);
  NET_PRINT("\n");
  return failed;
}

#ifndef NET_NO_MAIN
int main(void) { return net_selftest() ? 1 : 0; }
#endif
