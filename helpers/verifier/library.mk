# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# What is taken of the libraries (docs/dependencies.md). Verification handles nothing secret, so of their
# implementations the fastest for 32 bits are taken: docs/decisions/0009-credentials.md.
CRYPTO := $(abspath $(dir $(lastword $(MAKEFILE_LIST)))/../../build/crypto)
BEARSSL := ccopy dec16be dec16le dec32be dec32le dec64be dec64le enc16be enc16le enc32be enc32le enc64be enc64le \
	sha2small sha2big multihash ec_p256_m31 ec_secp256r1 ec_secp384r1 ec_secp521r1 ecdsa_i31_bits ecdsa_i31_vrfy_raw \
	i31_add i31_bitlen i31_decmod i31_decode i31_decred i31_encode i31_fmont i31_iszero i31_modpow \
	i31_modpow2 i31_montmul i31_muladd i31_ninv31 i31_reduce i31_rshift i31_sub i31_tmont i32_div32 \
	rsa_i31_pub rsa_i31_pkcs1_vrfy rsa_pkcs1_sig_unpad
SODIUM := ed25519_ref10 open
LIBRARY = $(addsuffix .c,$(BEARSSL) $(SODIUM))
vpath %.c $(wildcard $(CRYPTO)/bearssl/src/*) $(CRYPTO)/sodium/src/libsodium/crypto_core/ed25519/ref10 \
	$(CRYPTO)/sodium/src/libsodium/crypto_sign/ed25519/ref10
APP_CFLAGS := -isystem $(CRYPTO)/bearssl/inc -isystem $(CRYPTO)/sodium/src/libsodium/include/sodium \
	-isystem $(CRYPTO)/sodium/src/libsodium/include -DBR_USE_UNIX_TIME=0 -DBR_USE_URANDOM=0 -DBR_64=0
