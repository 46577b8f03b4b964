package import Foundation
internal import PayopsCore
package import Tabular

/// A file of a kit.
package struct KitFile: Sendable, Equatable {
  /// Its path below the folder of the kit.
  package let path: String
  /// Its bytes.
  package let bytes: [UInt8]
  /// Whether it is a program.
  private var isProgram: Bool { bytes.starts(with: Array("#!".utf8)) }

  /// Makes a file of text.
  package init(_ path: String, _ text: String) {
    self.path = path
    bytes = Array(text.utf8)
  }

  /// Makes a file of bytes.
  package init(_ path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }

  /// Makes a file of JSON.
  package init(_ path: String, json: JSON) { self.init(path, json.indented() + "\n") }

  /// Makes a file of YAML.
  package init(_ path: String, yaml: JSON) { self.init(path, yaml.yaml()) }

  /// Writes files below a folder; each one whole or not at all. Others may read them, since the
  /// tools are other users, and there is no secret in them.
  ///
  /// - Throws: a ``Fault`` when one cannot be written
  package static func write(_ files: [KitFile], to folder: URL) throws {
    for file in files {
      let target = folder.appending(path: file.path)
      try FileManager.default.createDirectory(
        at: target.deletingLastPathComponent(), withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o755])
      let partial = try PartialFile(for: target)
      do {
        try file.bytes.withUnsafeBytes { try partial.write($0) }
        try partial.finish()
        chmod(target.path(percentEncoded: false), file.isProgram ? 0o755 : 0o644)
      } catch {
        partial.discard()
        throw error
      }
    }
  }
}
