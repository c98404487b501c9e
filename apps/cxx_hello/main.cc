// SPDX-License-Identifier: Apache-2.0 OR MIT
// C++ in an application: objects made before main(), virtual functions, templates, lambdas, new.
#include <stdio.h>

#include "detent.hpp"

namespace {

class Greeter {
public:
	virtual ~Greeter() = default;
	virtual const char *text() const = 0;
	void greet() const { printf("cxx_hello: %s\n", text()); }
};

class Early final : public Greeter {
public:
	Early() : made_at_(++count) {}
	const char *text() const override { return made_at_ == 1 ? "made before main()" : "wrong order"; }

private:
	static int count;
	int made_at_;
};

int Early::count;

class Counting final : public Greeter {
public:
	explicit Counting(unsigned int number) : number_(number) {}
	~Counting() override { printf("cxx_hello: %u gone\n", number_); }
	const char *text() const override { return number_ % 2 ? "odd" : "even"; }

private:
	unsigned int number_;
};

template <typename T, size_t N> T sum(const T (&values)[N])
{
	T total{};

	for (const T &value : values)
		total = static_cast<T>(total + value);
	return total;
}

// Memory that is shared in a scope ends with it, as in C.
class Timer {
public:
	template <typename Function> error after_ms(uint32_t ms, Function &function)
	{
		return timer_after_ms(&timer_, ms, [](struct timer *, void *context) {
			(*static_cast<Function *>(context))();
		}, &function);
	}
	Timer() = default;
	Timer(const Timer &) = delete;
	Timer &operator=(const Timer &) = delete;
	~Timer() { timer_cancel(&timer_); }

private:
	struct timer timer_ {};
};

const Early early;
Counting at_the_end(99);

} // namespace

int main()
{
	const int numbers[] = {1, 2, 3, 36};
	bool fired = false;
	auto note = [&fired] { fired = true; };
	Timer timer;

	early.greet();
	printf("cxx_hello: sum %d\n", sum(numbers));
	for (unsigned int i = 0; i < 2; i++) {
		Greeter *greeter = new Counting(i);

		greeter->greet();
		delete greeter;
	}
	if (timer.after_ms(20, note) != E_OK)
		return 1;
	while (!fired)
		yield();
	printf("cxx_hello: fired\n");
	return 0;
}
