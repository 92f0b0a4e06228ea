/* SPDX-License-Identifier: GPL-2.0-only */
/* Which owners are wanted by labels, also where these are not known. */
#include <criterion/criterion.h>

#include "attribute/pods.h"
#include "wanted.h"

#define LABELS "app=web\nempty=\ntier=front\n"

static const struct {
	const char *asked[2];
	const char *uid, *labels;
	bool wanted;
} rows[] = {
	{ { "app=web" }, "u", LABELS, true },
	{ { "tier=front" }, "u", LABELS, true },
	{ { "app=web", "tier=front" }, "u", LABELS, true },
	{ { "app=web", "tier=back" }, "u", LABELS, false },
	{ { "empty=" }, "u", LABELS, true },
	/* neither a part of one, nor across two, nor of another key */
	{ { "app=we" }, "u", LABELS, false },
	{ { "pp=web" }, "u", LABELS, false },
	{ { "web=" }, "u", LABELS, false },
	{ { "tier=front\n" }, "u", LABELS, false },
	{ { "app=web" }, "u", "", false },
	/* the end of a recording's text */
	{ { "app=web" }, "u", "app=web", true },
	{ { "app=web" }, "u", "app=webs", false },
	/* not known: it may have it; what is no pod has none */
	{ { "app=web" }, "u", NULL, true },
	{ { "app=web" }, NULL, NULL, false },
	{ { NULL }, NULL, NULL, true },
	{ { NULL }, "u", LABELS, true },
};

Test(wanted, labels)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct wanted w = {
			.labels = { rows[i].asked, !!rows[i].asked[0] + !!rows[i].asked[1] },
		};
		const struct owner o = { .uid = rows[i].uid, .labels = rows[i].labels };
		const struct pod pod = { .uid = rows[i].uid, .labels = rows[i].labels };

		cr_expect_eq(wanted_owner(&w, &o), rows[i].wanted, "row %zu", i);
		if (rows[i].uid)
			cr_expect_eq(wanted_pod(&w, &pod), rows[i].wanted, "row %zu", i);
		cr_expect_eq(wanted_filters_owners(&w), rows[i].asked[0] != NULL, "row %zu", i);
	}
}
