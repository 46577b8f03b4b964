internal import Foundation
internal import PayopsCore
internal import Tabular

extension NotificationRoute {
  /// Makes a route from the arguments of a command line.
  ///
  /// - Parameters:
  ///   - name: its name
  ///   - kind: the kind of its channel
  ///   - target: its URL or file; nil for kinds without a target
  ///   - options: keys and values; a value that is not valid JSON is a text
  ///   - secretFile: path of the file with the secret; nil without a secret
  /// - Throws: ``Fault`` for an invalid name, and the errors of ``channel()``
  package init(
    named name: String, kind: String, target: String?, options: [(key: String, value: String)],
    secretFile: String?
  ) throws {
    guard name.count <= 64, !name.isEmpty,
      name.utf8.allSatisfy({
        (97...122).contains($0) || (65...90).contains($0) || (48...57).contains($0)
          || [45, 46, 95].contains($0)
      })
    else {
      throw Fault.usage(
        "'\(name)' is not a valid route name",
        hint: "use up to 64 letters, digits, dots, hyphens and underscores")
    }
    var pairs: [String: String] = [:]
    for (key, value) in options {
      let isJSON =
        (try? JSONSerialization.jsonObject(
          with: Data(value.utf8), options: .fragmentsAllowed)) != nil
      pairs[key] = isJSON ? value : JSON.string(value).compact
    }
    if let secretFile {
      pairs["secret_file"] = JSON.string(URL(filePath: secretFile).standardizedFileURL.path).compact
    }
    let members = pairs.keys.sorted().map { key -> String in
      JSON.string(key).compact + ": " + (pairs[key] ?? "")
    }
    let json = members.joined(separator: ", ")
    self.init(name: name, kind: kind, target: target ?? "", options: "{\(json)}")
    _ = try channel()
  }
}
