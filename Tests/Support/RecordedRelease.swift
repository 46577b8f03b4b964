internal import Foundation
package import Schema

/// Schemas of earlier versions, as `scripts/record-release` recorded them.
package enum RecordedRelease {
  /// The manifest of an earlier version with its files.
  ///
  /// - Parameter name: of the record, such as `0.1.0`.
  package static func manifest(_ name: String) async throws -> Manifest {
    let packed = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Releases/\(name).sql.gz")
    let folder = try TemporaryDirectory.make("release")
    defer { TemporaryDirectory.remove(folder) }
    let plain = folder.appending(path: "release.sql")
    let process = try TestProcess(
      "/bin/gzip", ["-dc", packed.path], environment: [:], directory: folder.path,
      output: plain.path, errors: folder.appending(path: "errors").path)
    let status = await process.end()
    guard status == 0 else {
      throw GuardedProgram.Missing(description: "\(packed.path) cannot be read: gzip \(status)")
    }
    // Each file begins with a line that names it.
    var files: [String: String] = [:]
    let text = try String(contentsOf: plain, encoding: .utf8)
    for part in ("\n" + text).components(separatedBy: "\n-- file: ").dropFirst() {
      let lines = part.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
      files[String(lines[0])] = String(lines[1]) + "\n"
    }
    return try Manifest(files["sql/manifest"] ?? "", files: files)
  }
}
