/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* LINK: capsules/src/@IDENT@.c tests/unit/fake_kernel.c tests/unit/fake_devices.c */
#include "capsules/@IDENT@.h"
#include "fake_kernel.h"
#include "test.h"

static struct @IDENT@ @IDENT@;

static struct syscall_return command(struct process_id process, uint32_t number, uint32_t argument)
{
	return fake_command(&@IDENT@.driver, process, number, argument, 0);
}

static void start(void)
{
	fake_reset();
	@IDENT@_init(&@IDENT@);
	fake_add_driver(&@IDENT@.driver);
}

static void each_process_has_its_own_sum(void)
{
	start();
	struct process_id one = fake_start("one"), other = fake_start("other");

	TEST_EQUAL(command(one, 0, 0).variant, SYSCALL_SUCCESS);
	TEST_EQUAL(command(one, 1, 40).value, 40);
	TEST_EQUAL(command(other, 1, 5).value, 5);
	TEST_EQUAL(command(one, 1, 2).value, 42);
}

static void wrong_calls_are_refused(void)
{
	start();
	struct process_id one = fake_start("one");

	TEST_EQUAL(command(one, 2, 0).value, E_NOSUPPORT);
	TEST_EQUAL(command(one, 1, UINT32_MAX).value, UINT32_MAX);
	TEST_EQUAL(command(one, 1, 1).value, E_INVAL);
}

int main(void)
{
	each_process_has_its_own_sum();
	wrong_calls_are_refused();
	return test_end("capsule_@IDENT@");
}
