internal import EmbeddedServer
internal import Foundation
internal import MariaDBClient

/// A fresh data directory, created once for each user and server version, which every test process
/// copies.
enum TemplateData {
  /// The version of the template; raised when its creation changes.
  private static let revision = 3

  /// Small, since every test server copies it.
  static let redoLogBytes: Int64 = 8 << 20

  private static let preparation = Task { try await prepare() }

  /// The template, created if it does not exist.
  static func shared() async throws -> URL {
    try await preparation.value
  }

  private static func prepare() async throws -> URL {
    let version = try await EmbeddedServer.installedVersion()
    let path =
      "\(TemporaryDirectory.place)/payops-test-template-\(geteuid())-\(version)-\(revision)"
    if try isUsable(path) { return URL(filePath: path, directoryHint: .isDirectory) }
    let directory = try TemporaryDirectory.make("template")
    defer { TemporaryDirectory.remove(directory) }
    var configuration = EmbeddedServer.Configuration.minimal
    configuration.redoLogBytes = redoLogBytes
    configuration.diesWithParent = true
    configuration.extraOptions = ["--skip-innodb-doublewrite"]
    let server = EmbeddedServer(directory: directory, configuration: configuration)
    try await server.start()
    try await server.stop()
    // One of several concurrent processes wins; a complete template never changes.
    if rename(directory.path(percentEncoded: false) + "data", path) != 0 {
      guard try isUsable(path) else {
        throw EmbeddedServerError(
          code: .directoryUnusable,
          message: "cannot make \(path): \(String(cString: strerror(errno)))")
      }
    }
    return URL(filePath: path, directoryHint: .isDirectory)
  }

  /// Whether the template exists; a directory of another user is an error.
  private static func isUsable(_ path: String) throws -> Bool {
    var info = stat()
    guard lstat(path, &info) == 0 else { return false }
    guard info.st_uid == geteuid(), info.st_mode & S_IFMT == S_IFDIR, info.st_mode & 0o022 == 0
    else {
      throw EmbeddedServerError(
        code: .directoryUnusable, message: "\(path) is not private to its owner",
        hint: "remove it")
    }
    return true
  }
}
