#ifndef PAYOPS_CSODIUM_SHIM_H
#define PAYOPS_CSODIUM_SHIM_H

#include <sodium.h>

#endif
