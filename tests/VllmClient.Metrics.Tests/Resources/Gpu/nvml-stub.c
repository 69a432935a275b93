/* Stands for NVIDIA's library in tests. Each call returns the code that stub_set gave it; 999 never returns. */
#include <string.h>
#include <unistd.h>

typedef struct { unsigned int gpu, memory; } utilization;
typedef struct { unsigned int version; unsigned long long total, reserved, free, used; } memory_v2;

enum { INIT, COUNT, HANDLE, UUID, NAME, UTILIZATION, MEMORY2, MEMORY1, POWER, ENERGY, TEMPERATURE, MIG, CALLS };
static volatile int codes[CALLS];
static volatile int inits, shutdowns, mig;
static char devices[2];

void stub_set(int call, int code) { codes[call] = code; }
void stub_mig(int on) { mig = on; }
int stub_inits(void) { return inits; }
int stub_shutdowns(void) { return shutdowns; }

static int give(int call) { while (codes[call] == 999) pause(); return codes[call]; }
static int number(void *device) { return (int)((char *)device - devices); }

int nvmlInit_v2(void) { inits++; return give(INIT); }
int nvmlShutdown(void) { shutdowns++; return 0; }
int nvmlDeviceGetCount_v2(unsigned int *count) { *count = 2; return give(COUNT); }
int nvmlDeviceGetHandleByIndex_v2(unsigned int index, void **device) { *device = devices + index; return give(HANDLE); }
int nvmlDeviceGetUUID(void *device, char *text, unsigned int length) { strncpy(text, number(device) ? "GPU-b" : "GPU-a", length); return give(UUID); }
int nvmlDeviceGetName(void *device, char *text, unsigned int length) { strncpy(text, "NVIDIA Stub", length); return give(NAME); }
int nvmlDeviceGetUtilizationRates(void *device, utilization *u) { u->gpu = 40 + number(device); u->memory = 7; return give(UTILIZATION); }
int nvmlDeviceGetMemoryInfo(void *device, unsigned long long *m) { m[0] = 8000; m[1] = 4500; m[2] = 3500; return give(MEMORY1); }
int nvmlDeviceGetPowerUsage(void *device, unsigned int *milliwatts) { *milliwatts = 123456; return give(POWER); }
int nvmlDeviceGetTemperature(void *device, int sensor, unsigned int *celsius) { *celsius = sensor == 0 ? 65 : 0; return give(TEMPERATURE); }
int nvmlDeviceGetMigMode(void *device, unsigned int *current, unsigned int *pending) { *current = mig; *pending = 0; return give(MIG); }

#ifndef OLD
int nvmlDeviceGetMemoryInfo_v2(void *device, memory_v2 *m)
{
    if (m->version != 0x02000028 || sizeof *m != 40) return 25;
    m->total = 8000; m->reserved = 500; m->free = 4500; m->used = 3000;
    return give(MEMORY2);
}
int nvmlDeviceGetTotalEnergyConsumption(void *device, unsigned long long *millijoules) { *millijoules = 5000500; return give(ENERGY); }
#endif
