# What must hold of the objects that the chart makes, whatever the values.
require "yaml"

objects = YAML.load_stream(File.read(ARGV.fetch(0))).compact
kinds = objects.map { |object| object.fetch("kind") }.sort
wrong = []
wrong << "objects are #{kinds}" unless kinds == %w[ConfigMap Service Service StatefulSet]

pods = objects.find { |object| object["kind"] == "StatefulSet" }.fetch("spec")
template = pods.fetch("template")
pod = template.fetch("spec")
container = pod.fetch("containers").fetch(0)
labels = template.fetch("metadata").fetch("labels")
ports = container.fetch("ports").map { |port| port.fetch("name") }
volumes = pod.fetch("volumes").map { |volume| volume.fetch("name") }
volumes += pods.fetch("volumeClaimTemplates").map { |claim| claim.fetch("metadata").fetch("name") }
mounts = container.fetch("volumeMounts").map { |mount| mount.fetch("name") }

wrong << "the container may write to its root" unless container.dig("securityContext", "readOnlyRootFilesystem") == true
wrong << "the container keeps capabilities" unless container.dig("securityContext", "capabilities", "drop") == ["ALL"]
wrong << "the pod may run as root" unless pod.dig("securityContext", "runAsNonRoot") == true
wrong << "the pod gets a token of the cluster" unless pod["automountServiceAccountToken"] == false
wrong << "mounts #{mounts.sort} are not the volumes #{volumes.sort}" unless mounts.sort == volumes.sort
wrong << "an environment variable is no text" unless container.fetch("env").all? { |one| one.fetch("value").is_a?(String) }

objects.select { |object| object["kind"] == "Service" }.each do |service|
  name = service.fetch("metadata").fetch("name")
  spec = service.fetch("spec")
  wrong << "#{name} selects no pod" unless spec.fetch("selector").all? { |key, value| labels[key] == value }
  missing = spec.fetch("ports").map { |port| port.fetch("targetPort") } - ports
  wrong << "#{name} leads to #{missing}, which no container has" unless missing.empty?
end
abort wrong.join("\n") unless wrong.empty?
