internal import Foundation
internal import PayopsCore
internal import Tabular

extension NotificationRoute {
  /// Describes a route as people do on a command line.
  ///
  /// - Parameters:
  ///   - name: its name
  ///   - kind: the kind of its channel
  ///   - target: where it leads to; nil for kinds that have no target
  ///   - options: keys and values; a value that is no JSON counts as a text
  ///   - secretFile: path of the file with the secret; nil for none
  /// - Throws: ``Fault`` for a name that cannot be, and what ``channel()`` refuses
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
        "'\(name)' is no name of a route", hint: "use letters, digits, hyphens, up to 64")
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
