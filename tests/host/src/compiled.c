/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Applications that are compiled into the program. Their code and variables are
 * linked to where the kernel places them, and they run on a stack in their own
 * RAM, so that every address they pass to the kernel is one it can check. While
 * one runs, pages of application memory that are not its own are closed.
 */
#include "layout.h"
#include "poison.h"
#include "state.h"

#include "trusted/linker.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#ifdef __x86_64__
#define MACHINE_PC(context) ((uptr_t)(context)->uc_mcontext.gregs[REG_RIP])
#define MACHINE_SP(context) ((uptr_t)(context)->uc_mcontext.gregs[REG_RSP])
#else
#define MACHINE_PC(context) ((uptr_t)(context)->uc_mcontext.pc)
#define MACHINE_SP(context) ((uptr_t)(context)->uc_mcontext.sp)
#endif

enum { SIGNAL_STACK = 128 * 1024, START_STEPS = 3 };

/* What the linker put there: the pages get other contents. */
struct original {
	uint8_t *flash, *ram;
};

/* The last page of RAM: the C library's heap begins behind what the linker put highest. */
static uint8_t last_page[HOST_PAGE] __attribute__((section("host_ram_last"), used));

static struct original originals[HOST_APPS];
static uint32_t image_count;
static struct sigaction before_segv, before_bus, before_ill, before_fpe;

void host_stub(uint32_t class_number, uintptr_t words[4]);

uptr_t host_compiled_flash(uint32_t index)
{
	return HOST_FLASH_START + index * HOST_COMPILED_FLASH;
}

uptr_t host_compiled_ram(uint32_t index)
{
	return HOST_RAM_START + index * HOST_COMPILED_RAM;
}

static uptr_t heap_start(const struct host_image *image)
{
	return ((uptr_t)(uintptr_t)image->ram_end + 15) / 16 * 16;
}

uint32_t host_compiled_ram_needed(uint32_t index)
{
	return heap_start(&host_images[index]) - host_compiled_ram(index) + HOST_HEAP;
}

bool host_is_compiled(uptr_t address)
{
	return (address >= HOST_FLASH_START && address < host_compiled_flash(image_count)) ||
	       (address >= HOST_RAM_START && address < host_compiled_ram(image_count));
}

static void NO_SANITIZE raw_copy(volatile uint8_t *to, const volatile uint8_t *from, size_t length)
{
	for (size_t i = 0; i < length; i++)
		to[i] = from[i];
}

static uint8_t *saved(const uint8_t *start, const uint8_t *end)
{
	uint8_t *copy = malloc((size_t)(end - start) + 1);

	if (copy == NULL)
		host_give_up("no memory");
	raw_copy(copy, start, (size_t)(end - start));
	return copy;
}

static void map(uptr_t start, uptr_t end, int protection)
{
	void *place = (void *)(uintptr_t)start;

	if (mmap(place, end - start, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) !=
	    place)
		host_give_up("memory at 0x%08x cannot be mapped", start);
}

/* RAM keeps what it had from start to start: the kernel has to clear it. */
static void map_all(void)
{
	static bool done;
	uptr_t scripted = host_compiled_ram(image_count);

	if (done) {
		memset((void *)(uintptr_t)host_compiled_flash(image_count), 0,
		       HOST_FLASH_END - host_compiled_flash(image_count));
	} else {
		map(HOST_FLASH_START, HOST_FLASH_END, PROT_READ | PROT_WRITE | PROT_EXEC);
		map(HOST_RAM_START, HOST_RAM_END, PROT_READ | PROT_WRITE);
	}
	done = true;
	UNPOISON(scripted, HOST_RAM_END - scripted);
}

static void protect(uptr_t start, uptr_t end, int protection)
{
	if (start < end && mprotect((void *)(uintptr_t)start, end - start, protection) != 0)
		host_give_up("memory at 0x%08x cannot be protected", start);
}

void host_compiled_open(void)
{
	protect(HOST_FLASH_START, HOST_FLASH_END, PROT_READ | PROT_WRITE | PROT_EXEC);
	protect(HOST_RAM_START, HOST_RAM_END, PROT_READ | PROT_WRITE);
}

static uptr_t page_up(uptr_t address)
{
	return (address + HOST_PAGE - 1) / HOST_PAGE * HOST_PAGE;
}

/* Whole pages: more than the window where it opens, less where it closes. */
static void place_window(const struct host_window *window)
{
	uptr_t start = window->start / HOST_PAGE * HOST_PAGE, end = page_up(window->end);

	if (window->start < HOST_FLASH_START || window->end > HOST_RAM_END)
		return;
	if (window->access == ARCH_CLOSED)
		protect(page_up(window->start), window->end / HOST_PAGE * HOST_PAGE, PROT_NONE);
	else if (window->access == ARCH_READ)
		protect(start, end, PROT_READ);
	else
		protect(start, end, PROT_READ | PROT_WRITE);
}

/* As the loaded plan has it; what is left of its last page is marked. */
static void close_memory(const struct arch_mpu *mpu)
{
	uptr_t end = page_up(mpu->ram_end);

	protect(HOST_FLASH_START, mpu->flash_start, PROT_NONE);
	protect(mpu->flash_start, mpu->flash_end, PROT_READ | PROT_EXEC);
	protect(mpu->flash_end, HOST_FLASH_END, PROT_NONE);
	protect(HOST_RAM_START, mpu->ram_start, PROT_NONE);
	protect(end, HOST_RAM_END, PROT_NONE);
	for (uint32_t i = 0; i < ARCH_WINDOWS; i++)
		if (mpu->windows[i].start < mpu->windows[i].end)
			place_window(&mpu->windows[i]);
	POISON(mpu->ram_end, end - mpu->ram_end);
}

static void open_memory(const struct arch_mpu *mpu)
{
	host_compiled_open();
	UNPOISON(mpu->ram_end, page_up(mpu->ram_end) - mpu->ram_end);
}

/* A push on x86 faults before it moves the stack pointer, where other machines moved it first. */
static uptr_t stack_pointer(const ucontext_t *machine, uptr_t address)
{
	uptr_t sp = MACHINE_SP(machine);

	return sp > address && sp - address <= sizeof(void *) ? address : sp;
}

/* A fault of an application's code becomes one of its process; others are reported. */
static void faulted(int number, siginfo_t *info, void *context)
{
	const ucontext_t *machine = context;
	struct host_app *app = host.running;

	if (app == NULL) {
		sigaction(SIGSEGV, &before_segv, NULL);
		sigaction(SIGBUS, &before_bus, NULL);
		sigaction(SIGILL, &before_ill, NULL);
		sigaction(SIGFPE, &before_fpe, NULL);
		return;
	}
	app->process->context.pc = MACHINE_PC(machine);
	app->process->context.sp = stack_pointer(machine, (uptr_t)(uintptr_t)info->si_addr);
	*host.trap = (struct host_trap){
		.kind = HOST_TRAP_FAULT,
		.fault = {.cause = number == SIGSEGV || number == SIGBUS ? ARCH_FAULT_MEMORY
									 : ARCH_FAULT_ILLEGAL,
			  .address = (uptr_t)(uintptr_t)info->si_addr,
			  .pc = app->process->context.pc},
	};
	fiber_leave(&app->fiber, &host.kernel);
}

static void catch_faults(void)
{
	static uint8_t stack[SIGNAL_STACK];
	const stack_t alternative = {.ss_sp = stack, .ss_size = sizeof(stack)};
	struct sigaction action = {.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};

	action.sa_sigaction = faulted;
	sigaltstack(&alternative, NULL);
	sigaction(SIGSEGV, &action, &before_segv);
	sigaction(SIGBUS, &action, &before_bus);
	sigaction(SIGILL, &action, &before_ill);
	sigaction(SIGFPE, &action, &before_fpe);
}

static void put_image(uint32_t index)
{
	const struct host_image *image = &host_images[index];
	struct host_image_options gap = {.padding = true, .total_size = HOST_COMPILED_FLASH};
	uint8_t header[TBF_BASE_SIZE];

	host_image_build(header, sizeof(header), &gap);
	memcpy((void *)(uintptr_t)host_compiled_flash(index), header, sizeof(header));
	raw_copy(image->flash_start, originals[index].flash,
		 (size_t)(image->flash_end - image->flash_start));
}

void host_compiled_init(void)
{
	for (image_count = 0; host_images[image_count].name != NULL; image_count++) {
		const struct host_image *image = &host_images[image_count];

		if (originals[image_count].flash != NULL)
			continue;
		originals[image_count].flash = saved(image->flash_start, image->flash_end);
		originals[image_count].ram = saved(image->ram_start, image->ram_end);
	}
	map_all();
	for (uint32_t i = 0; i < image_count; i++)
		put_image(i);
	host.flash_used = host_compiled_flash(image_count);
	if (image_count > 0)
		catch_faults();
}

static void main_of_application(void)
{
	host.running->image->start();
	abort();
}

/* What crt0 does with registers only: the break, and notes for reports. */
static bool start_step(struct host_app *app, const struct process *process, struct host_trap *trap)
{
	const uint32_t operations[START_STEPS] = {MEMOP_BRK, MEMOP_STACK_TOP, MEMOP_HEAP_START};
	const uptr_t heap = heap_start(app->image);
	const uptr_t arguments[START_STEPS] = {heap, process->memory.ram_start + HOST_DATA_OFFSET,
					       heap};
	uint32_t step = app->start_step;

	if (step == 1 && process->context.r[0] != SYSCALL_SUCCESS)
		*trap = (struct host_trap){.class_number = SYSCALL_EXIT,
					   .r = {EXIT_TERMINATE, E_NOMEM}};
	else if (step < START_STEPS)
		*trap = (struct host_trap){.class_number = SYSCALL_MEMOP,
					   .r = {operations[step], arguments[step]}};
	else
		return false;
	app->start_step++;
	return true;
}

static void begin_life(struct host_app *app, const struct process *process)
{
	const struct host_image *image = app->image;
	uptr_t stack = process->memory.ram_start;

	raw_copy(image->ram_start, originals[image - host_images].ram,
		 (size_t)(image->ram_end - image->ram_start));
	UNPOISON(stack, HOST_DATA_OFFSET);
	fiber_init(&app->fiber, (void *)(uintptr_t)stack, HOST_DATA_OFFSET, main_of_application);
	app->start_step++;
}

void host_compiled_run(struct host_app *app, struct process *process, struct host_trap *trap)
{
	if (app->life != process->context.life) {
		app->life = process->context.life;
		app->start_step = 0;
	}
	if (start_step(app, process, trap))
		return;
	if (app->start_step == START_STEPS)
		begin_life(app, process);
	host.trap = trap;
	host.running = app;
	close_memory(&process->mpu);
	fiber_switch(&host.kernel, &app->fiber);
	open_memory(&process->mpu);
	host.running = NULL;
}

static uint32_t narrow(const struct host_app *app, uintptr_t word)
{
	int64_t number = (int64_t)word;

	if (number > UINT32_MAX || number < INT32_MIN)
		host_give_up("%s passes %p to the kernel, which is not in its memory", app->name,
			     (void *)word);
	return (uint32_t)word;
}

static bool is_to_fail(uint32_t class_number, const uintptr_t words[4])
{
	return class_number == SYSCALL_COMMAND && host.failing_command.times > 0 &&
	       words[0] == host.failing_command.driver && words[1] == host.failing_command.number;
}

typedef void upcall(uint32_t, uint32_t, uint32_t, void *);

static void run_upcall(struct arch_context *context)
{
	upcall *function = (upcall *)(uintptr_t)context->pc;
	const ureg_t *r = context->r;

	context->upcall_pushed = false;
	context->pc = context->lr;
	function(r[0], r[1], r[2], (void *)(uintptr_t)r[3]);
}

void host_stub(uint32_t class_number, uintptr_t words[4])
{
	struct host_app *app = host.running;
	struct arch_context *context = &app->process->context;
	struct host_trap *trap = host.trap;

	*trap = (struct host_trap){.kind = HOST_TRAP_SYSCALL, .class_number = class_number};
	for (uint32_t i = 0; i < 4; i++)
		trap->r[i] = narrow(app, words[i]);
	if (is_to_fail(class_number, words)) {
		host.failing_command.times--;
		host_traced(app->process, trap, true);
		words[0] = SYSCALL_FAILURE;
		words[1] = host.failing_command.error;
		return;
	}
	context->pc = (uptr_t)(uintptr_t)__builtin_return_address(0);
	context->sp = (uptr_t)(uintptr_t)__builtin_frame_address(0);
	fiber_switch(&app->fiber, &host.kernel);
	for (uint32_t i = 0; i < 4; i++)
		words[i] = context->r[i];
	if (context->upcall_pushed)
		run_upcall(context);
}

void host_fail_command(uint32_t driver, uint32_t number, enum error error, uint32_t times)
{
	host.failing_command.driver = driver;
	host.failing_command.number = number;
	host.failing_command.error = error;
	host.failing_command.times = times;
}
