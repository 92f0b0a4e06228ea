/* SPDX-License-Identifier: GPL-2.0-only */
/* How programs read memory of the kernel that may not be what it seems: a word of it, or along pointers. */
#ifndef READ_BPF_H
#define READ_BPF_H

/*
 * One word by bpf_probe_read_kernel(). Where the kernel has bpf_rdonly_cast() (6.2, a35b9af4ec2c) user space puts
 * that, and a load that the kernel forgives, in the place of these four instructions (patch_peek() in object.c):
 * ten native instructions instead of eighty. No branch, since the verifier would have to cut out one half of each.
 */
#define PEEK(bits, from)                                                                           \
	({                                                                                         \
		__u64 peek_word;                                                                   \
		register __u64 peek_result asm("r0");                                              \
		register void *peek_to asm("r1") = &peek_word;                                     \
		register const void *peek_from asm("r3") = (from);                                 \
                                                                                                   \
		asm volatile("r2 = %[size]\n"                                                      \
			     "r4 = %[size]\n" /* room */                                           \
			     "call %[peek]\n"                                                      \
			     "%[result] = *(u" #bits " *)%[word]"                                  \
			     : [result] "=r"(peek_result), [word] "=m"(peek_word), "+r"(peek_to),  \
			       "+r"(peek_from)                                                     \
			     : [size] "i"(bits / 8), [peek] "i"(KFUNC_PEEK)                        \
			     : "r2", "r4", "r5");                                                  \
		peek_result;                                                                       \
	})

/* Whether it does, for what needs another way then. A constant that is put here: 0 or a type id. */
static __always_inline __u32 peek_is_cheap(void)
{
	__u32 type;

	asm volatile("%0 = %1" : "=w"(type) : "i"(KFUNC_NUMBER_TYPE));
	return type;
}

/* 1, 2, 4 or 8 bytes as a number; 0 if nothing may be read there. */
static __always_inline __u64 peek(__u32 size, const void *from)
{
	if (size == sizeof(__u64))
		return PEEK(64, from);
	if (size == sizeof(__u32))
		return PEEK(32, from);
	return size == sizeof(__u16) ? PEEK(16, from) : PEEK(8, from);
}

/* BPF_CORE_READ(), for members of at most 8 bytes. */
#define READ(p, ...) ___apply(read_, ___narg(__VA_ARGS__))(p, ##__VA_ARGS__)
#define read_1(p, a)                                                                               \
	({                                                                                         \
		__auto_type read_from = (p); /* which may hold another READ */                     \
		_Static_assert(sizeof(read_from->a) <= sizeof(__u64), "a word at most");           \
		__u64 read_word =                                                                  \
			peek(sizeof(read_from->a),                                                 \
			     (const void *)__builtin_preserve_access_index(&read_from->a));        \
		*(typeof(read_from->a) *)&read_word;                                               \
	})
#define read_2(p, a, b)		 read_1(read_1(p, a), b)
#define read_3(p, a, b, c)	 read_1(read_2(p, a, b), c)
#define read_4(p, a, b, c, d)	 read_1(read_3(p, a, b, c), d)
#define read_5(p, a, b, c, d, e) read_1(read_4(p, a, b, c, d), e)

/*
 * Programs whose arguments carry BTF types (tp_btf, fentry) may load fields directly, which costs an
 * instruction where bpf_probe_read_kernel costs sixty. The bodies are shared with raw_tp and kprobe
 * programs, so each takes a constant `direct` and reads through LOAD; the other branch is compiled
 * away.
 */
#define LOAD(direct, p, ...)                                                                       \
	({                                                                                         \
		/* a variable of its own: CO-RE would relocate a member access in p */             \
		typeof(p) from = (p);                                                              \
		(direct) ? LOAD_DIRECT(from, __VA_ARGS__) : READ(from, __VA_ARGS__);               \
	})
#define LOAD_DIRECT(p, ...)   ___apply(load_, ___narg(__VA_ARGS__))(p, ##__VA_ARGS__)
#define load_1(p, a)	      ((p)->a)
#define load_2(p, a, b)	      ((p)->a->b)
#define load_3(p, a, b, c)    ((p)->a->b->c)
#define load_4(p, a, b, c, d) ((p)->a->b->c->d)

/*
 * The same for what an argument points to, and for pointers. Newer verifiers look for three names among all types
 * for each pointer that is loaded directly (btf_nested_type_is_trusted), each time they come by: that is half of
 * the time that a load takes, and READ costs little there.
 */
#define FOLLOW(direct, p, ...)                                                                     \
	({                                                                                         \
		typeof(p) from = (p);                                                              \
		(direct) && !peek_is_cheap() ? LOAD_DIRECT(from, __VA_ARGS__)                      \
					     : READ(from, __VA_ARGS__);                            \
	})

static __always_inline __u64 read_u64(__u64 at)
{
	return peek(sizeof(__u64), (void *)at);
}

/* The same in loops of many rounds: the verifier follows what was loaded through all of them, and never ends. */
static __always_inline __u64 copy_u64(__u64 at)
{
	__u64 value = 0;

	bpf_probe_read_kernel(&value, sizeof(value), (void *)at);
	return value;
}

static __always_inline __u32 read_u32(__u64 at)
{
	return peek(sizeof(__u32), (void *)at);
}

static __always_inline __u8 read_u8(__u64 at)
{
	return peek(sizeof(__u8), (void *)at);
}

#endif
