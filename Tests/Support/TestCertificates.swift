package import Foundation

/// Certificate authorities and server certificates; one set for all tests.
package enum TestCertificates {
  private static let made = Task<URL, any Error> {
    let folder = try TemporaryDirectory.make("certificates")
    _ = try GuardedProgram.found("/usr/bin/openssl", package: "openssl")
    let process = try TestProcess(GuardedProgram.script("make-certificates"), [folder.path])
    guard await process.end() == 0 else {
      throw GuardedProgram.Missing(description: "openssl makes no certificates")
    }
    return folder
  }

  /// A new directory with copies of all keys and certificates.
  package static func folder(_ name: String) async throws -> URL {
    let source = try await made.value
    let folder = try TemporaryDirectory.make(name)
    for file in try FileManager.default.contentsOfDirectory(atPath: source.path) {
      try FileManager.default.copyItem(
        at: source.appending(path: file), to: folder.appending(path: file))
    }
    return folder
  }
}
