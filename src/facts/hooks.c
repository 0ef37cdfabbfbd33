// SPDX-License-Identifier: MIT
/* The table of variables that make programs load files, and what separates the paths in them. */
#include "facts/hooks.h"

#include <string.h>

#include "facts/hook_options.h"
#include "sys/text.h"

/* Variables alike. Names are separated by blanks; a '*' at the end stands for any text. */
struct hook_group {
	const char *names;
	const char *separators;
	enum hook_kind kind;
	/* A word without a slash is a file in the working directory, no other kind of word. */
	bool takes_bare;
	bool takes_empty; /* an empty entry is the working directory */
	bool has_options; /* paths stand among or behind other words */
	bool is_perl;     /* switches, without a dash in front of them too */
};

/*
 * The loaders' own (ld.so(8), and musl's), what the C library loads, and what interpreters, virtual
 * machines and libraries with plug-ins load by a variable. Some are cut short, so that granit's own
 * binary does not hold what interpreters are known by.
 */
static const struct hook_group groups[] = {
	{.names = "LD_PRELOAD", .separators = SPACES ":", .kind = HOOK_LOADER},
	/* glibc separates by the one, musl by the other besides colons. */
	{.names = "LD_LIBRARY_PATH",
	 .separators = ":;\n",
	 .kind = HOOK_LOADER,
	 .takes_bare = true,
	 .takes_empty = true},
	{.names = "LD_AUDIT GLIBC_TUNABLES", .separators = ":", .kind = HOOK_LOADER},
	{.names = "LD_DEBUG* LD_PROFILE* LD_ORIGIN_PATH", .separators = "", .kind = HOOK_LOADER},
	/* A word, most often, that applications use for something else. */
	{.names = "ENV", .separators = "", .kind = HOOK_INTERPRETER},
	{.names = "BASH_ENV ZDOTDIR PYTHONSTARTUP PYTHONUSERBASE PYTHONPYCACHEPREFIX PHPRC "
		  "OPENSSL_CONF OPENSSL_MODULES OPENSSL_ENGINES ODBCSYSINI GSS_MECH* "
		  "R_HOME R_PROFILE* R_ENVIRON* GEM_HOME BUNDLE_GEMFILE DOTNET_ROOT* "
		  "CORECLR_PROFILER_PATH* COR_PROFILER_PATH* CUDA_INJECTION64_PATH "
		  "GDK_PIXBUF_MODULE_FILE TCL_LIBRARY GIT_EXEC_PATH JAVA_HOME JRE_HOME "
		  "OPENSSL_CONF_INCLUDE LIBMYSQL_PLUGIN_DIR VDPAU_DRIVER_PATH OCL_ICD_VENDORS "
		  "CATALINA_HOME CATALINA_BASE RUBYGEMS_GEMDEPS IPYTHONDIR "
		  "DOTNET_GCPath ODBCINSTINI GIT_CONFIG_GLOBAL GIT_CONFIG_SYSTEM "
		  "NODE_COMPILE_CACHE BOOTSNAP_CACHE_DIR BUNDLE_PATH BUNDLE_APP_CONFIG CAMLLIB "
		  "OCAMLLIB UCX_MODULE_DIR OPENSC_CONF MAGICK_HOME RELEASE_VM_ARGS "
		  "RELEASE_REMOTE_VM_ARGS SPARK_HOME SPARK_CONF_DIR HADOOP_HOME HADOOP_CONF_DIR "
		  "JBOSS_HOME JETTY_HOME JETTY_BASE npm_config_userconfig "
		  "npm_config_globalconfig npm_config_init_module",
	 .separators = "",
	 .kind = HOOK_INTERPRETER,
	 .takes_bare = true},
	{.names = "PYTHONPATH PERL5LIB PERLLIB RUBYLIB CLASSPATH JULIA_LOAD_PATH "
		  "HADOOP_CLASSPATH HBASE_CLASSPATH SPARK_DIST_CLASSPATH",
	 .separators = ":",
	 .kind = HOOK_INTERPRETER,
	 .takes_bare = true,
	 .takes_empty = true},
	{.names = "PYTHONHOME NODE_PATH GEM_PATH PHP_INI_SCAN_DIR LOCPATH GCONV_PATH MONO_PATH "
		  "DOTNET_SHARED_STORE ERL_LIBS R_LIBS* JULIA_DEPOT_PATH GUILE_LOAD_* KRB5_CONFIG "
		  "AWKPATH AWKLIBPATH SASL_PATH GTK_PATH GIO_EXTRA_MODULES GIO_MODULE_DIR "
		  "GST_PLUGIN_* QT_PLUGIN_PATH QML2_IMPORT_PATH VK_LAYER_PATH LIBGL_DRIVERS_PATH "
		  "LIBVA_DRIVERS_PATH VK_ICD_FILENAMES VK_DRIVER_FILES GDAL_DRIVER_PATH "
		  "ALSA_CONFIG_PATH QT_QPA_PLATFORM_PLUGIN_PATH MAGICK_CODER_MODULE_PATH "
		  "HDF5_PLUGIN_PATH BASH_LOADABLES_PATH OMPI_MCA_mca_base_component_path "
		  "PMIX_MCA_mca_base_component_path CAML_LD_LIBRARY_PATH GI_TYPELIB_PATH "
		  "GUILE_EXTENSIONS_PATH GUILE_SYSTEM_* FI_PROVIDER_PATH HWLOC_PLUGINS_PATH "
		  "NIX_LD* EMACSLOADPATH GHC_PACKAGE_PATH MAGICK_CONFIGURE_PATH "
		  "MAGICK_FILTER_MODULE_PATH GBM_BACKENDS_PATH __EGL_VENDOR_LIBRARY_* "
		  "VK_ADD_* VK_IMPLICIT_LAYER_PATH DOTNET_BUNDLE_EXTRACT_BASE_DIR NUMBA_CACHE_DIR "
		  "TORCH_EXTENSIONS_DIR TRITON_CACHE_DIR TCL8_* TCL9_* GDAL_PYTHON_DRIVER_PATH "
		  "GTK_IM_MODULE_FILE GTK_EXE_PREFIX ES_PATH_CONF AIRFLOW_HOME PSQLRC "
		  "GIT_TEMPLATE_DIR LV2_PATH LADSPA_PATH IMLIB2_LOADER_PATH IMLIB2_FILTER_PATH "
		  "ODBCINI PKCS11_MODULE_PATH PKCS11_PROVIDER_MODULE MARIADB_PLUGIN_DIR "
		  "QML_IMPORT_PATH FREI0R_PATH OCL_ICD_FILENAMES OCL_ICD_VENDORS "
		  "NVTX_INJECTION64_PATH HSA_TOOLS_LIB SDL_DYNAMIC_API LIBGL_DRIVERS_DIR "
		  "PRISMA_QUERY_ENGINE_LIBRARY TPU_LIBRARY_PATH TORCHINDUCTOR_CACHE_DIR "
		  "SSH_SK_PROVIDER VIPSHOME COMPlus_GCName DOTNET_GCName DOTNET_GCPath "
		  "NODE_CONFIG_DIR GS_LIB UWSGI_INI LOADER_HOME RABBITMQ_PLUGINS_DIR "
		  "APP_CONFIG_CACHE APP_ROUTES_CACHE APP_SERVICES_CACHE APP_PACKAGES_CACHE "
		  "PERL_INLINE_DIRECTORY ANSIBLE_LIBRARY BUNDLE_CONFIG BUNDLE_USER_HOME GEMRC "
		  "RUBY_DEBUG_INIT_SCRIPT BUNDLER_SETUP MAKEFILES",
	 .separators = ":",
	 .kind = HOOK_INTERPRETER,
	 .takes_bare = true},
	/* A list of Tcl's. */
	{.names = "TCLLIBPATH",
	 .separators = SPACES "{}\"",
	 .kind = HOOK_INTERPRETER,
	 .takes_bare = true},
	/* A word without a slash is the name of something that is installed. */
	{.names = "DOTNET_STARTUP_HOOKS DOTNET_ADDITIONAL_DEPS GTK_MODULES GTK3_MODULES "
		  "OMP_TOOL_LIBRARIES NODE_REPL_EXT* NCCL_NET_PLUGIN NCCL_TUNER_PLUGIN "
		  "NCCL_PROFILER_PLUGIN FLASK_APP PYTHONPLATLIBDIR",
	 .separators = ":",
	 .kind = HOOK_INTERPRETER},
	{.names = "LUA_PAT* LUA_CPATH*",
	 .separators = ";",
	 .kind = HOOK_INTERPRETER,
	 .takes_bare = true},
	/* A list of Spring Boot's launcher's. */
	{.names = "LOADER_PATH", .separators = ",", .kind = HOOK_INTERPRETER, .takes_bare = true},
	{.names = "PERL5OPT",
	 .separators = SPACES ":;,=\"'",
	 .kind = HOOK_INTERPRETER,
	 .has_options = true,
	 .is_perl = true},
	{.names = "PERL5DB RUBYOPT NODE_OPT* LUA_INIT* JAVA_TOOL_OPTIONS _JAVA_OPTIONS "
		  "JDK_JAVA_OPTIONS JAVA_OPTS JAVA_OPTIONS JAVA_ARGS JVM_OPTS JDK_JAVAC_OPTIONS "
		  "OPENJ9_JAVA_OPTIONS IBM_JAVA_OPTIONS CATALINA_OPTS KAFKA_OPTS ES_JAVA_OPTS "
		  "LS_JAVA_OPTS HADOOP_OPTS MAVEN_OPTS GRADLE_OPTS MONO_ENV_OPTIONS ERL_FLAGS "
		  "ERL_AFLAGS ERL_ZFLAGS BUN_OPTIONS JAVA_OPTS_APPEND npm_config_node_options "
		  "GUNICORN_CMD_ARGS ELIXIR_ERL_OPTIONS GOFLAGS JRUBY_OPTS",
	 .separators = SPACES ":;,=\"'",
	 .kind = HOOK_INTERPRETER,
	 .has_options = true},
	/* Commands: a word without a slash is looked for in PATH. */
	{.names = "GIT_SSH* GIT_ASKPASS GIT_EXTERNAL_DIFF GIT_PROXY_COMMAND SSH_ASKPASS LESSOPEN "
		  "LESSCLOSE MANPAGER PYSPARK_PYTHON PYSPARK_DRIVER_PYTHON npm_config_script_shell "
		  "npm_config_shell npm_config_git npm_config_editor",
	 .separators = SPACES ":;,=|\"'",
	 .kind = HOOK_INTERPRETER},
};

/* Whether name, of len bytes, is word, of which the last byte may be a '*'. */
static bool is_word(const char *name, size_t len, const char *word, size_t word_len)
{
	bool is_open = word_len && word[word_len - 1] == '*';

	word_len -= is_open;
	/* npm reads these in any case, and '-' for '_'. */
	if (strncmp(word, "npm_config_", strlen("npm_config_")) == 0) {
		bool is_same = len == word_len;

		for (size_t i = 0; is_same && i < len; i++)
			is_same = (name[i] == '-' ? '_' : name[i] | 0x20) == word[i] ||
				  name[i] == word[i];
		return is_same;
	}
	return (is_open ? len >= word_len : len == word_len) && memcmp(name, word, word_len) == 0;
}

static const struct hook_group *group_of(const char *name, size_t len)
{
	for (size_t i = 0; i < array_length(groups); i++)
		for (const char *word = groups[i].names; *word;) {
			size_t word_len = strcspn(word, " ");

			if (is_word(name, len, word, word_len))
				return &groups[i];
			word += word_len + (word[word_len] == ' ');
		}
	return NULL;
}

struct hook hook_of(const char *variable)
{
	size_t len = strcspn(variable, "=");

	return (struct hook){variable[len] ? group_of(variable, len) : NULL, len,
			     variable + len + (variable[len] == '=')};
}

enum hook_kind hook_kind(const struct hook *h)
{
	return h->group ? h->group->kind : HOOK_NONE;
}

bool hook_has_options(const struct hook *h)
{
	return h->group && h->group->has_options;
}

bool hook_has_name(const char *name)
{
	/* More of the loader's than are worth a finding each (ld.so(8)); PATH has a check of its
	 * own.
	 */
	return strncmp(name, "LD_", 3) == 0 || strcmp(name, "PATH") == 0 ||
	       group_of(name, strlen(name)) != NULL;
}

/* ---- words */

/* Devices that say nothing, or what nobody has written: they switch something off. */
static bool is_empty_device(const char *path, size_t len)
{
	static const char *const devices[] = {
		"/dev/null",      "/dev/zero",  "/dev/full",   "/dev/random", "/dev/urandom",
		"/dev/./urandom", "/dev/stdin", "/dev/stdout", "/dev/stderr",
	};

	for (size_t i = 0; i < array_length(devices); i++)
		if (strlen(devices[i]) == len && memcmp(path, devices[i], len) == 0)
			return true;
	return false;
}

static bool is_quote(char c)
{
	return c == '"' || c == '\'';
}

/*
 * Whether a path is not written as it will be read: with quotes in its middle, which are taken out,
 * with a backslash, or as a URL with a %. In front of the value there is its variable's "=".
 */
static bool is_disguised(const char *word, size_t len)
{
	static const char around[] = SPACES ":;,=|";
	const char *before = word - 1, *behind = word + len;
	const char *escape = memchr(word, '\\', len);

	if (!memchr(word, '/', len) && *word != '@')
		return false;
	/* What start scripts give to a shell. */
	if (memchr(word, '$', len) || memchr(word, '`', len))
		return true;
	/* The last one belongs to the quote behind it. */
	if (escape && !(escape + 1 == behind && is_quote(*behind)))
		return true;
	if (*before == ':' && strncmp(word, "//", 2) == 0 && memchr(word, '%', len))
		return true;
	while (is_quote(*before))
		before--;
	while (is_quote(*behind))
		behind++;
	return (before != word - 1 && !strchr(around, *before)) ||
	       (behind != word + len && *behind && !strchr(around, *behind));
}

/* What the word is to a program; false: it names no file. */
static bool understand(const struct hook *h, const char *word, size_t len, struct hook_word *ret)
{
	const struct hook_group *g = h->group;
	const char *slash = memchr(word, '/', len);

	*ret = (struct hook_word){.path = word, .len = len};
	if (len == 0) {
		ret->kind = WORD_RELATIVE;
		return g->takes_empty;
	}
	if (strchr(g->separators, '"') && is_disguised(word, len)) {
		ret->kind = WORD_VARYING;
		return true;
	}
	if (g->has_options)
		return hook_option_names(h->value, word, len, g->is_perl, ret);
	if (!slash && !g->takes_bare)
		return false;
	/* A shell that expands the value runs what stands in backquotes. */
	ret->kind = memchr(word, '$', len) || memchr(word, '`', len) ? WORD_VARYING
		    : *word == '/'                                   ? WORD_PATH
								     : WORD_RELATIVE;
	return true;
}

bool hook_next_word(const struct hook *h, const char **value, struct hook_word *ret)
{
	while (*value) {
		const char *word = *value;
		size_t skipped = h->group->has_options ? hook_option_harmless(h->value, word) : 0;
		size_t len = skipped ? skipped : strcspn(word, h->group->separators);

		*value = word[len] ? word + len + 1 : NULL;
		if (!skipped && understand(h, word, len, ret) &&
		    (h->group->kind == HOOK_LOADER || !is_empty_device(ret->path, ret->len)))
			return true;
	}
	return false;
}
