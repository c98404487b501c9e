/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Tock Binary Format, version 2: the numbers that a loader and a packer share.
 * All words are little-endian. Layouts of the TLVs are in docs/reference/tbf.md.
 */
#ifndef ABI_TBF_H
#define ABI_TBF_H

enum {
	TBF_VERSION = 2,
	TBF_BASE_SIZE = 16, /* bytes; a header of just this size is padding */
	TBF_TLV_ALIGN = 4,  /* bytes */
	TBF_NAME_MAX = 64,  /* bytes of a package name that Detent keeps */
};

/* Bits of the header's flags word. */
enum tbf_flag {
	TBF_FLAG_ENABLED = 1,
	TBF_FLAG_STICKY = 2,
};

/* TLV types in the header. */
enum tbf_tlv {
	TBF_TLV_MAIN = 1,
	TBF_TLV_WRITEABLE_FLASH = 2,
	TBF_TLV_PACKAGE_NAME = 3,
	TBF_TLV_FIXED_ADDRESSES = 5,
	TBF_TLV_PERMISSIONS = 6,
	TBF_TLV_STORAGE_PERMISSIONS = 7,
	TBF_TLV_KERNEL_VERSION = 8,
	TBF_TLV_PROGRAM = 9,
	TBF_TLV_SHORT_ID = 10,
	TBF_TLV_CREDENTIALS = 128, /* in footers only */
};

/* First word of a credentials footer. */
enum tbf_credential {
	TBF_CREDENTIAL_RESERVED = 0,
	TBF_CREDENTIAL_RSA3072 = 1,
	TBF_CREDENTIAL_RSA4096 = 2,
	TBF_CREDENTIAL_SHA256 = 3,
	TBF_CREDENTIAL_SHA384 = 4,
	TBF_CREDENTIAL_SHA512 = 5,
	TBF_CREDENTIAL_ECDSA_P256 = 6,
	/* Detent's own, far from what others may assign: key, then signature of a SHA-512. */
	TBF_CREDENTIAL_ED25519 = 0xD0,
};

#endif
