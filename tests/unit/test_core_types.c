/* SPDX-License-Identifier: GPL-2.0-only */
/* What programs are fitted to is in the cut as it is in the kernel, and what they do not name is not. */
#include <bpf/btf.h>
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kernel/core_types.h"

/*
 * struct inner { int a; };
 * struct other { int a; };
 * struct sock { struct other *far; struct inner near[2]; const struct inner again; };
 * enum reason { SOME = 7 }; typedef int number; struct sock___new { int a; };
 */
static struct btf *make_kernel(void)
{
	struct btf *b = btf__new_empty();
	int integer = btf__add_int(b, "int", 4, BTF_INT_SIGNED), inner, other, ptr, array, again;

	other = btf__add_struct(b, "other", 4);
	btf__add_field(b, "a", integer, 0, 0);
	inner = btf__add_struct(b, "inner", 4);
	btf__add_field(b, "a", integer, 0, 0);
	ptr = btf__add_ptr(b, other);
	array = btf__add_array(b, integer, inner, 2);
	again = btf__add_const(b, inner);
	btf__add_struct(b, "sock", 24);
	btf__add_field(b, "far", ptr, 0, 0);
	btf__add_field(b, "near", array, 64, 0);
	btf__add_field(b, "again", again, 128, 0);
	btf__add_enum(b, "reason", 4);
	btf__add_enum_value(b, "SOME", 7);
	btf__add_typedef(b, "number", integer);
	btf__add_struct(b, "sock___new", 4);
	btf__add_field(b, "a", integer, 0, 0);
	return b;
}

/* What a program that reads struct sock, as an old kernel had it, and an enumerator has of types. */
static struct btf *make_own(void)
{
	struct btf *b = btf__new_empty();

	btf__add_struct(b, "sock___old", 0);
	btf__add_enum(b, "reason", 4);
	btf__add_enum_value(b, "SOME", 1);
	return b;
}

static struct btf *cut(void)
{
	struct btf *kernel = make_kernel(), *own = make_own(), *out;
	int fd = memfd_create("types", MFD_CLOEXEC);
	char path[32];

	cr_assert_eq(core_types(fd, own, kernel), 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	out = btf__parse(path, NULL);
	cr_assert_not_null(out);
	close(fd);
	btf__free(kernel);
	btf__free(own);
	return out;
}

static const struct btf_type *find(const struct btf *b, const char *name, int kind)
{
	int id = btf__find_by_name_kind(b, name, kind);

	return id > 0 ? btf__type_by_id(b, id) : NULL;
}

static const struct btf_type *member_type(const struct btf *b, const struct btf_type *t, int i)
{
	return btf__type_by_id(b, btf_members(t)[i].type);
}

Test(core_types, what_is_named_and_held_is_there)
{
	struct btf *b = cut();
	const struct btf_type *sock = find(b, "sock", BTF_KIND_STRUCT), *t;

	cr_assert_not_null(sock);
	cr_expect_eq(sock->size, 24);
	cr_assert_eq(btf_vlen(sock), 3);
	cr_expect_str_eq(btf__name_by_offset(b, btf_members(sock)[1].name_off), "near");
	cr_expect_eq(btf_member_bit_offset(sock, 2), 128);
	t = member_type(b, sock, 1);
	cr_assert(btf_is_array(t));
	cr_expect_eq(btf_array(t)->nelems, 2);
	t = btf__type_by_id(b, btf_array(t)->type);
	cr_assert_str_eq(btf__name_by_offset(b, t->name_off), "inner");
	t = member_type(b, t, 0);
	cr_expect_str_eq(btf__name_by_offset(b, t->name_off), "int");
	t = member_type(b, sock, 2);
	cr_assert(btf_is_const(t));
	cr_expect_eq(btf__type_by_id(b, t->type), find(b, "inner", BTF_KIND_STRUCT));
	t = find(b, "reason", BTF_KIND_ENUM);
	cr_assert_not_null(t);
	cr_expect_eq(btf_enum(t)[0].val, 7);
	/* a candidate as well, by libbpf's rule */
	cr_expect_not_null(find(b, "sock___new", BTF_KIND_STRUCT));
	btf__free(b);
}

Test(core_types, what_a_pointer_leads_to_is_not)
{
	struct btf *b = cut();
	const struct btf_type *sock = find(b, "sock", BTF_KIND_STRUCT);

	cr_assert(btf_is_ptr(member_type(b, sock, 0)));
	cr_expect_eq(member_type(b, sock, 0)->type, 0);
	cr_expect_null(find(b, "other", BTF_KIND_STRUCT));
	cr_expect_null(find(b, "number", BTF_KIND_TYPEDEF));
	btf__free(b);
}
