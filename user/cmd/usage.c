/* SPDX-License-Identifier: GPL-2.0-only */
/* How the tables of commands, options and causes read as help, manual page and completion. */
#include <string.h>

#include "base/wrap.h"
#include "classify/cause.h"
#include "cmd/options.h"

#define HELP_COLUMN 26

static void option_line(const struct option_def *o, FILE *to)
{
	int at = 0;

	at += o->letter ? fprintf(to, "  -%c, ", o->letter) : fprintf(to, "      ");
	at += fprintf(to, "--%s", o->name);
	if (o->arg)
		at += fprintf(to, " %s", o->choices ? o->choices : o->arg);
	if (at >= HELP_COLUMN) {
		fputc('\n', to);
		at = 0;
	}
	wrap_text(to, o->help, HELP_COLUMN, at, wrap_width(to));
}

void options_usage(const struct command *c, FILE *to)
{
	fprintf(to, "usage: whydrop %s [options]%s%s\n\n", c->name, *c->args ? " " : "", c->args);
	wrap_text(to, c->description, 0, 0, wrap_width(to));
	fprintf(to, "\noptions:\n");
	for (const struct option_def *o = c->options; o->name; o++)
		option_line(o, to);
	fprintf(to, "  -h, --help%*sprint this\n", HELP_COLUMN - 12, "");
}

void options_overview(FILE *to)
{
	fprintf(to,
		"whydrop says what the kernel lost, whose it was, why, and what to do about it.\n\n"
		"usage: whydrop COMMAND [options]\n\ncommands:\n");
	for (size_t i = 0; commands[i]; i++)
		fprintf(to, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
	fprintf(to, "\n'whydrop COMMAND --help' has the options of a command.\n");
}

/* roff takes a line that begins with . or ', and every -, \ as its own. */
static void roff(FILE *to, const char *text)
{
	bool start = true;

	for (; *text; text++) {
		if (start && (*text == '.' || *text == '\''))
			fputs("\\&", to);
		if (*text == '-' || *text == '\\')
			fputc('\\', to);
		/* an empty line is a paragraph */
		if (*text == '\n' && text[1] == '\n') {
			fputs("\n.P", to);
			text++;
		}
		fputc(*text, to);
		start = *text == '\n';
	}
}

static void man_command(const struct command *c, FILE *to)
{
	fprintf(to, ".SS whydrop %s [options] ", c->name);
	roff(to, c->args);
	fputc('\n', to);
	roff(to, c->description);
	fputc('\n', to);
	for (const struct option_def *o = c->options; o->name; o++) {
		fputs(".TP\n", to);
		if (o->letter)
			fprintf(to, ".BR \\-%c ,\n", o->letter);
		fputs(".B \\-\\-", to);
		roff(to, o->name);
		fputc('\n', to);
		if (o->arg)
			fprintf(to, ".I %s\n", o->choices ? o->choices : o->arg);
		fputs(".br\n", to);
		roff(to, o->help);
		fputs(".\n", to);
	}
}

void options_man(FILE *to)
{
	fprintf(to,
		".TH WHYDROP 8 \"\" \"whydrop " WHYDROP_VERSION "\"\n.SH NAME\n"
		"whydrop \\- what the kernel lost, whose it was, why, and what to do about it\n"
		".SH SYNOPSIS\n.B whydrop\n.I COMMAND\n[options]\n.SH DESCRIPTION\n"
		"Watches the places where the kernel loses a packet and names, for each loss, the "
		"cause, the owner (pod, container, unit or namespace), the evidence and the "
		"remedy.\n.SH COMMANDS\n");
	for (size_t i = 0; commands[i]; i++)
		man_command(commands[i], to);
	fputs(".SH CAUSES\n", to);
	for (size_t i = 0; i < causes_count; i++) {
		fputs(".TP\n.B ", to);
		roff(to, causes[i].name);
		fprintf(to, "\n(%s) ", severity_name(causes[i].severity));
		roff(to, causes[i].summary);
		fputs(".\n", to);
	}
	fputs(".SH EXIT STATUS\n0 done, 1 failed, 2 wrong usage, 3 the kernel or the privileges do not "
	      "allow it, 4 findings.\nWith a command behind \\-\\-, its status.\n",
	      to);
}

static void words(const char *text, char separator, FILE *to)
{
	for (; *text; text++)
		fputc(*text == separator ? ' ' : *text, to);
}

void options_completion(FILE *to)
{
	fputs("# bash completion of whydrop\n_whydrop() {\n"
	      "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} words=\n"
	      "\tif [ \"$COMP_CWORD\" = 1 ]; then\n\t\twords='",
	      to);
	for (size_t i = 0; commands[i]; i++)
		fprintf(to, "%s ", commands[i]->name);
	fputs("--help --version'\n\telse\n\t\tcase ${COMP_WORDS[1]}:$prev in\n"
	      "\t\t*:--cause | explain:explain) words='",
	      to);
	for (size_t i = 0; i < causes_count; i++)
		fprintf(to, "%s ", causes[i].name);
	fputs("' ;;\n", to);
	for (size_t i = 0; commands[i]; i++) {
		const struct command *c = commands[i];

		for (const struct option_def *o = c->options; o->name; o++)
			if (o->choices) {
				fprintf(to, "\t\t%s:--%s | %s:-%c) words='", c->name, o->name,
					c->name, o->letter ? o->letter : '-');
				words(o->choices, '|', to);
				fputs("' ;;\n", to);
			}
		fprintf(to, "\t\t%s:*) words='", c->name);
		for (const struct option_def *o = c->options; o->name; o++)
			fprintf(to, "--%s ", o->name);
		fputs("--help' ;;\n", to);
	}
	fputs("\t\tesac\n\tfi\n\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n}\n"
	      "complete -F _whydrop whydrop\n",
	      to);
}
