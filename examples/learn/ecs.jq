# A container definition of ECS, out of what --learn --format=json said (doc/learn.schema.json), with the volumes of the task:
#
#	jq --arg name web --arg image IMAGE -f ecs.jq learnt.json
#
# Fargate takes neither tmpfs nor dockerSecurityOptions: give it a volume in the place of the one, and leave the other out.

def named: gsub("[^a-zA-Z0-9]+"; "-") | ltrimstr("-") | rtrimstr("-") | ascii_downcase;

.learn.places as $places
| ($places | map(select(.kind == "tmpfs"))) as $tmpfs
| ($places | map(select(.kind == "volume"))) as $volumes
| {
	containerDefinitions: [{
		name: $name,
		image: $image,
		entryPoint: (["/granit"] + .options + ["--"]),
		user: "\(.learn.uid):\(.learn.gid)",
		readonlyRootFilesystem: true,
		dockerSecurityOptions: ["no-new-privileges"],
		mountPoints: ($volumes | map({sourceVolume: (.path | named), containerPath: .path, readOnly: false})),
		linuxParameters: {
			capabilities: ({drop: ["ALL"]}
				+ (if .learn.capabilities == [] then {} else {add: (.learn.capabilities | map(ascii_upcase))} end)),
			tmpfs: ($tmpfs | map({containerPath: .path, size: .size_mib,
				mountOptions: [if .exec then "exec" else "noexec" end, "mode=\(.mode)", "uid=\(.uid)", "gid=\(.gid)"]}))
		}
	}],
	volumes: ($volumes | map({name: (.path | named)}))
}
