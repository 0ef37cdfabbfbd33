# What granit said in all pods of a cluster, a line a refused container:
#	kubectl get pods --all-namespaces -o json | jq -r -f collect.jq
# The reason is the termination message; 78 alone could be the program's own.
.items[]
| .metadata as $pod
| (.status.containerStatuses // []) + (.status.initContainerStatuses // [])
| .[]
| . as $container
| (.state.terminated, .lastState.terminated)
| select(. != null and (.exitCode == 78 or .exitCode == 125))
| select((.message // "") | startswith("granit:"))
| [
	$pod.namespace, $pod.name, $container.name, $container.image, .exitCode,
	([.message | scan("(?m)^FAIL ([a-z-]+)") | .[0]] | unique | join(","))
]
| @tsv
