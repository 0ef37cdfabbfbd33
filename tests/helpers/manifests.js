// SPDX-License-Identifier: MIT
// Holds Kubernetes manifests against the schemas, against Pod Security `restricted`, and against the policies of
// examples/kubernetes. Prints what is wrong, a line each; status 1 if there is something.
//
//	manifests.js schema FILE...		kubernetes-models, @kubernetes-models/kyverno
//	manifests.js restricted FILE...		the fields that Pod Security asks for, by its documentation
//	manifests.js policy FILE [EDIT]		each CEL expression of admission-policy.yaml on the pod, which EDIT (JavaScript) changes first
//	manifests.js kyverno FILE LABEL [EDIT]	the expressions of kyverno.yaml on the same, as if its images had that label
const fs = require('fs');
const path = require('path');
const { createRequire } = require('module');
const load = createRequire(path.join(process.env.GRANIT_NPM, 'x.js'));
const yaml = load('js-yaml');

const documents = (file) => yaml.loadAll(fs.readFileSync(file, 'utf8'));
const problems = [];
const pod = (object) => object.spec.template ? object.spec.template.spec : object.spec;

// They are modules, which `require` does not load.
async function modelOf({ apiVersion, kind }) {
	const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
	const place = group === 'kyverno.io' ? '@kubernetes-models/kyverno' : 'kubernetes-models';
	const name = path.join(process.env.GRANIT_NPM, 'node_modules', place, group, version, `${kind}.js`);
	return (await import(name))[kind];
}

async function schema(file) {
	for (const object of documents(file)) {
		try {
			const model = new (await modelOf(object))(object);
			model.validate();
		} catch (error) {
			problems.push(`${file}: ${error.message}`);
		}
	}
}

function restricted(file) {
	for (const object of documents(file)) {
		const spec = pod(object);
		const want = (what, holds) => holds || problems.push(`${file}: ${what}`);
		const own = spec.securityContext || {};
		for (const field of ['hostNetwork', 'hostPID', 'hostIPC'])
			want(field, !spec[field]);
		for (const volume of spec.volumes || [])
			want(`volume ${volume.name}`, ['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'persistentVolumeClaim',
				'projected', 'secret'].some((kind) => kind in volume));
		for (const container of [...spec.containers, ...(spec.initContainers || [])]) {
			const context = container.securityContext || {};
			const either = (field) => context[field] === undefined ? own[field] : context[field];
			want(`${container.name}: privileged`, !context.privileged);
			want(`${container.name}: allowPrivilegeEscalation`, context.allowPrivilegeEscalation === false);
			want(`${container.name}: drop ALL`, ((context.capabilities || {}).drop || []).includes('ALL'));
			want(`${container.name}: add`, ((context.capabilities || {}).add || []).every((name) => name === 'NET_BIND_SERVICE'));
			want(`${container.name}: runAsNonRoot`, either('runAsNonRoot') === true);
			want(`${container.name}: runAsUser 0`, either('runAsUser') !== 0);
			want(`${container.name}: seccompProfile`, ['RuntimeDefault', 'Localhost'].includes((either('seccompProfile') || {}).type));
			want(`${container.name}: hostPort`, (container.ports || []).every((port) => !port.hostPort));
		}
	}
}

function policy(file, edit) {
	const { Environment } = load('@marcbachmann/cel-js');
	const [{ spec }] = documents(path.join(__dirname, '../../examples/kubernetes/admission-policy.yaml'));
	const [object] = documents(file);
	new Function('pod', edit || '')(object);
	const environment = new Environment({ unlistedVariablesAreDyn: true, homogeneousAggregateLiterals: false });
	const values = { object, variables: {} };
	for (const { name, expression } of spec.variables)
		values.variables[name] = environment.evaluate(expression, values);
	for (const { expression, message } of spec.validations)
		if (environment.evaluate(expression, values) !== true)
			problems.push(message);
}

// The conditions are JMESPath in text; Kyverno's pattern is a field here, and `=(x)` means: if there is an x.
function kyverno(file, label, edit) {
	const { search } = load('jmespath');
	const [{ spec: { rules: [readOnly, starts] } }] = documents(path.join(__dirname, '../../examples/kubernetes/kyverno.yaml'));
	const [object] = documents(file);
	new Function('pod', edit || '')(object);
	const matches = (pattern, value) => Object.entries(pattern).every(([key, wanted]) => {
		const optional = /^=[(](.*)[)]$/.exec(key);
		const found = (value || {})[optional ? optional[1] : key];
		if (optional && found === undefined)
			return true;
		if (Array.isArray(wanted))
			return Array.isArray(found) && found.every((element) => matches(wanted[0], element));
		return typeof wanted === 'object' ? matches(wanted, found) : found === wanted;
	});
	if (!matches(readOnly.validate.pattern, object))
		problems.push(readOnly.validate.message);
	for (const { list, deny } of starts.validate.foreach) {
		for (const element of search({ request: { object } }, list)) {
			const values = { element, image: { configData: { config: { Labels: label ? { granit: label } : null } } } };
			const text = (template) => template.replace(/^[{][{](.*)[}][}]$/, (whole, expression) => search(values, expression.trim()));
			if (deny.conditions.all.every(({ key, operator, value }) => operator === 'NotEquals' && text(key) !== value))
				problems.push(starts.validate.message);
		}
	}
}

async function main([what, ...rest]) {
	if (what === 'policy')
		return policy(...rest);
	if (what === 'kyverno')
		return kyverno(...rest);
	for (const file of rest)
		await { schema, restricted }[what](file);
}

main(process.argv.slice(2)).then(() => {
	problems.forEach((line) => console.log(line));
	process.exitCode = problems.length ? 1 : 0;
});
