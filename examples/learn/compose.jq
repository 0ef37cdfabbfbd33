# A service of compose.yaml, out of what --learn --format=json said (doc/learn.schema.json); compose reads JSON, too:
#
#	jq --arg service web --arg image IMAGE -f compose.jq learnt.json >compose.override.yaml

def named: gsub("[^a-zA-Z0-9]+"; "-") | ltrimstr("-") | rtrimstr("-") | ascii_downcase;

.learn.places as $places
| ($places | map(select(.kind == "tmpfs"))) as $tmpfs
| ($places | map(select(.kind == "volume"))) as $volumes
| {
	services: {
		($service): ({
			image: $image,
			entrypoint: (["/granit"] + .options + ["--"]),
			user: "\(.learn.uid):\(.learn.gid)",
			read_only: true,
			cap_drop: ["ALL"],
			security_opt: ["no-new-privileges:true"]
		}
		+ (if .learn.capabilities == [] then {} else {cap_add: (.learn.capabilities | map(ascii_upcase))} end)
		+ (if $tmpfs == [] then {} else {tmpfs: ($tmpfs | map(
			"\(.path):\(if .exec then "exec" else "noexec" end),mode=\(.mode),uid=\(.uid),gid=\(.gid),size=\(.size_mib)m"))} end)
		+ (if $volumes == [] then {} else {volumes: ($volumes | map("\(.path | named):\(.path)"))} end))
	}
}
+ (if $volumes == [] then {} else {volumes: ($volumes | map({(.path | named): {}}) | add)} end)
