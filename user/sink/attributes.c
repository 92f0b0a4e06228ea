// SPDX-License-Identifier: GPL-2.0-only
/* Which attribute says what of a loss. */
#include <string.h>
#include <syslog.h>

#include "sink/attributes.h"
#include "sink/flow_text.h"

static bool bytes(struct attribute_value *out, const char *s, size_t size)
{
	out->string = s;
	out->size = size;
	return size;
}

static bool text(struct attribute_value *out, const char *s)
{
	return s && bytes(out, s, strlen(s));
}

static bool number(struct attribute_value *out, uint64_t n)
{
	out->string = NULL;
	out->number = n;
	return true;
}

#define GETTER(name)                                                                               \
	static bool name(const struct attribute *a, struct attribute_value *out,                   \
			 const struct drop *d, const struct host *h)

GETTER(cause)
{
	(void)a, (void)h;
	return text(out, d->verdict->cause->name);
}

GETTER(severity)
{
	(void)a, (void)h;
	return text(out, severity_name(d->verdict->cause->severity));
}

GETTER(reason)
{
	(void)a, (void)h;
	return text(out, d->verdict->loss.reason_full);
}

GETTER(symbol)
{
	(void)a, (void)h;
	return text(out, d->verdict->loss.symbol);
}

GETTER(module)
{
	(void)a, (void)h;
	return text(out, d->verdict->loss.module);
}

GETTER(remedy)
{
	struct strbuf b;

	(void)a;
	strbuf_init(&b, out->text, sizeof(out->text));
	advice(&b, d, h);
	return bytes(out, out->text, b.len);
}

GETTER(transport)
{
	const struct flow *f = &d->pkt.outer;
	const char *name = f->family ? proto_name(f->family, f->proto) : NULL;
	struct strbuf b;

	(void)a, (void)h;
	if (!f->family || name)
		return text(out, name);
	strbuf_init(&b, out->text, sizeof(out->text));
	strbuf_u64(&b, f->proto);
	return bytes(out, out->text, b.len);
}

GETTER(type)
{
	(void)a, (void)h;
	return d->pkt.outer.family && text(out, d->pkt.outer.family == 4 ? "ipv4" : "ipv6");
}

static bool address(struct attribute_value *out, const struct drop *d, const uint8_t *addr)
{
	struct strbuf b;

	strbuf_init(&b, out->text, sizeof(out->text));
	if (d->pkt.outer.family)
		strbuf_addr(&b, d->pkt.outer.family, addr);
	return bytes(out, out->text, b.len);
}

GETTER(source)
{
	(void)a, (void)h;
	return address(out, d, d->pkt.outer.src);
}

GETTER(destination)
{
	(void)a, (void)h;
	return address(out, d, d->pkt.outer.dst);
}

GETTER(source_port)
{
	(void)a, (void)h;
	return d->pkt.outer.has_ports && number(out, d->pkt.outer.sport);
}

GETTER(destination_port)
{
	(void)a, (void)h;
	return d->pkt.outer.has_ports && number(out, d->pkt.outer.dport);
}

GETTER(tcp_flags)
{
	char *end = out->text;

	(void)a, (void)h;
	if (d->pkt.outer.has_tcp)
		end = put_tcp_flags(out->text, d->pkt.outer.tcp_flags);
	return bytes(out, out->text, end - out->text);
}

GETTER(device)
{
	(void)a, (void)h;
	return bytes(out, d->ev->dev, strnlen(d->ev->dev, sizeof(d->ev->dev)));
}

GETTER(length)
{
	(void)a, (void)h;
	return number(out, d->ev->length);
}

GETTER(packets)
{
	(void)a, (void)h;
	return number(out, d->ev->segs);
}

GETTER(netns)
{
	(void)a, (void)h;
	return d->verdict->key.netns && number(out, d->verdict->key.netns);
}

GETTER(pid)
{
	(void)a, (void)h;
	return d->process.pid && number(out, d->process.pid);
}

GETTER(comm)
{
	(void)a, (void)h;
	return d->process.pid &&
	       bytes(out, d->process.comm, strnlen(d->process.comm, sizeof(d->process.comm)));
}

static const char *member(const struct attribute *a, const struct owner *o)
{
	const char *s;

	memcpy(&s, (const char *)o + a->owner, sizeof(s));
	return s;
}

GETTER(of_victim)
{
	(void)h;
	return text(out, member(a, &d->verdict->victim));
}

GETTER(of_peer)
{
	(void)h;
	return d->peer.how != HOW_NONE && text(out, member(a, &d->peer));
}

GETTER(victim_how)
{
	(void)a, (void)h;
	return text(out, how_name(d->verdict->victim.how));
}

#define TEXT(what, from, words)                                                                    \
	{                                                                                          \
		.name = what, .help = words, .get = from                                           \
	}
#define NUMBER(what, from, words)                                                                  \
	{                                                                                          \
		.name = what, .help = words, .get = from, .is_number = true                        \
	}
#define OF(what, whose, part, words)                                                               \
	{                                                                                          \
		.name = what, .help = words, .get = whose, .owner = offsetof(struct owner, part)   \
	}

const struct attribute attributes[] = {
	OF("k8s.namespace.name", of_victim, ns, "namespace of the pod whose traffic was lost"),
	OF("k8s.pod.name", of_victim, pod, "that pod"),
	OF("k8s.pod.uid", of_victim, uid, "its UID"),
	OF("k8s.container.name", of_victim, container, "its container"),
	OF("container.id", of_victim, container_id, "id of the container"),
	TEXT("network.transport", transport, "tcp, udp, icmp ... or the number of the protocol"),
	TEXT("network.type", type, "ipv4 or ipv6"),
	TEXT("network.interface.name", device, "device the packet was on"),
	TEXT("source.address", source, "where the packet came from"),
	NUMBER("source.port", source_port, "its port"),
	TEXT("destination.address", destination, "where it was going"),
	NUMBER("destination.port", destination_port, "its port"),
	NUMBER("process.pid", pid, "who made the call or has the socket open"),
	TEXT("process.executable.name", comm, "its name, as the kernel has it"),
	TEXT("whydrop.cause", cause, "name of the cause; 'whydrop explain' lists them"),
	TEXT("whydrop.severity", severity, "loss, refused, pressure, symptom, info or normal"),
	TEXT("whydrop.reason", reason, "the kernel's drop reason"),
	TEXT("whydrop.symbol", symbol, "function of the kernel that freed the buffer"),
	TEXT("whydrop.module", module, "its module"),
	TEXT("whydrop.remedy", remedy, "what to do"),
	OF("whydrop.unit", of_victim, unit, "unit of the host whose traffic was lost"),
	TEXT("whydrop.owner.how", victim_how,
	     "evidence for whose it was: 'how' in the native style"),
	NUMBER("whydrop.netns.inode", netns, "network namespace it was lost in"),
	OF("whydrop.netns.name", of_victim, netns_name, "name of the owner's network namespace"),
	NUMBER("whydrop.packet.size", length, "bytes in the buffer when it was freed"),
	NUMBER("whydrop.packet.count", packets, "packets in the buffer (GSO, GRO)"),
	TEXT("whydrop.tcp.flags", tcp_flags, "as tcpdump writes them"),
	OF("whydrop.peer.namespace", of_peer, ns, "namespace of the other end, a pod of this node"),
	OF("whydrop.peer.pod", of_peer, pod, "that pod"),
	OF("whydrop.peer.uid", of_peer, uid, "its UID"),
};

const size_t attributes_count = sizeof(attributes) / sizeof(attributes[0]);

bool attribute_get(const struct attribute *a, struct attribute_value *out, const struct drop *d,
		   const struct host *h)
{
	return a->get(a, out, d, h);
}

bool attribute_evidence(const char *field, struct attribute_value *out, const struct drop *d,
			const struct host *h)
{
	const struct field *f = field_find(field);
	struct field_value value;

	if (!f || !field_get(f, d, h, &value))
		return false;
	if (!value.is_string)
		return number(out, value.number);
	/* what it points to may be its own text */
	memcpy(out->text, value.string, value.size);
	return bytes(out, out->text, value.size);
}

const struct attribute_gravity *attribute_gravity(const struct drop *d)
{
	static const struct attribute_gravity gravities[] = {
		[SEV_LOSS] = { "WARN", 13, LOG_WARNING },
		[SEV_REFUSED] = { "WARN", 13, LOG_WARNING },
		[SEV_PRESSURE] = { "INFO", 9, LOG_NOTICE },
		[SEV_SYMPTOM] = { "INFO", 9, LOG_NOTICE },
		[SEV_INFO] = { "INFO", 9, LOG_INFO },
		[SEV_NORMAL] = { "DEBUG", 5, LOG_DEBUG },
	};

	return &gravities[d->verdict->cause->severity];
}
