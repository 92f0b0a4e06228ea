/* SPDX-License-Identifier: GPL-2.0-only */
/* How the programs that write rules for Kubernetes name their chains and comments. */
#include <string.h>

#include "rules/fetch.h"

/* kube-proxy comments rules with "namespace/service:port" and more; its nftables chains carry the name. */
static bool after(struct strbuf *b, const char *text, const char *prefix, const char *what,
		  const char *stop)
{
	const char *at = strstr(text, prefix);
	size_t n;

	if (!at)
		return false;
	at += strlen(prefix);
	n = strcspn(at, stop);
	if (!n)
		return false;
	strbuf_printf(b, "%s ", what);
	strbuf_printable(b, at, n);
	return true;
}

static bool starts(const char *text, const char *prefix)
{
	return !strncmp(text, prefix, strlen(prefix));
}

/* "service-ULMVA6XW-ns1/svc1/tcp/p80" and its siblings: namespace and name behind the hash. */
static bool kube_nft_chain(struct strbuf *b, const char *chain)
{
	static const char *const prefixes[] = { "service-", "external-", "firewall-", "endpoint-",
						"reject-" };
	const char *at;

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		if (!starts(chain, prefixes[i]))
			continue;
		at = strchr(chain + strlen(prefixes[i]), '-');
		return at && strchr(at, '/') && after(b, at, "-", "Service", "");
	}
	return false;
}

/* A comment whose first word is "namespace/name" or "namespace/name:port". */
static bool kube_comment(struct strbuf *b, const char *comment)
{
	size_t n = strcspn(comment, " ");
	const char *slash = memchr(comment, '/', n);

	if (!slash || slash == comment || slash == comment + n - 1)
		return false;
	strbuf_puts(b, "Service ");
	strbuf_printable(b, comment, n);
	return true;
}

void rule_named(struct rule_info *out)
{
	const char *chain = out->chain, *comment = out->comment;
	struct strbuf b;

	strbuf_init(&b, out->named, sizeof(out->named));
	/* kube-router, Antrea, Weave, Calico and plain words of policy controllers */
	if (after(&b, comment, "POD name:", "Pod", " ") ||
	    after(&b, comment, "NetworkPolicy ", "NetworkPolicy", " ") ||
	    after(&b, comment, "policy name ", "NetworkPolicy", " ") ||
	    after(&b, comment, "Policy ", "NetworkPolicy", " "))
		return;
	if (kube_nft_chain(&b, chain))
		return;
	if (starts(chain, "KUBE-NWPLCY-") || starts(chain, "KUBE-POD-FW-"))
		strbuf_printf(&b, "a NetworkPolicy of kube-router (chain %s)", chain);
	else if (starts(chain, "KUBE-"))
		kube_comment(&b, comment) ||
			(strbuf_printf(&b, "kube-proxy or kubelet (chain %s)", chain), true);
	else if (starts(chain, "cali-pi-") || starts(chain, "cali-po-"))
		strbuf_printf(&b, "the Calico policy with id %s", chain + 8);
	else if (starts(chain, "cali-tw-") || starts(chain, "cali-fw-"))
		strbuf_printf(&b, "Calico, %s the pod interface with id %s",
			      chain[5] == 't' ? "to" : "from", chain + 8);
	else if (starts(chain, "cali-"))
		strbuf_printf(&b, "Calico (chain %s)", chain);
	else if (starts(chain, "CILIUM_") || starts(chain, "OLD_CILIUM_"))
		strbuf_printf(&b, "Cilium (chain %s)", chain);
	else if (starts(chain, "FLANNEL-"))
		strbuf_printf(&b, "Flannel (chain %s)", chain);
	else if (starts(chain, "WEAVE-NPC"))
		strbuf_printf(&b, "a NetworkPolicy of Weave Net (chain %s)", chain);
	else if (starts(chain, "DOCKER"))
		strbuf_printf(&b, "Docker (chain %s)", chain);
	else
		kube_comment(&b, comment);
}
