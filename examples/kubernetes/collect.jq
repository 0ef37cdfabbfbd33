# What granit said in all pods of a cluster, a line a container that it did not start:
#	kubectl get pods --all-namespaces -o json | jq -r -f collect.jq
# Namespace, pod, container, image, status; of a refusal (78) the checks, else (125) what granit could not do.
.items[]
| .metadata as $pod
| (.status.containerStatuses // []) + (.status.initContainerStatuses // [])
| .[]
| . as $container
| (.state.terminated, .lastState.terminated)
| select(. != null)
| ((.message // "") | split("\n")[0] // "") as $line
# A program may use 78 too.
| select(.exitCode == 125 or (.exitCode == 78 and ($line | startswith("granit refused to start "))))
| [
	$pod.namespace, $pod.name, $container.name, $container.image, .exitCode,
	($line | sub("^granit refused to start .*: "; ""))
]
| @tsv
