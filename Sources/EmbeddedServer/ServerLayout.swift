internal import Foundation

/// Where the parts of a private server are.
struct ServerLayout: Sendable, Equatable {
  /// Longest path of a Unix socket in bytes (`sun_path` without its end mark).
  static let longestSocketPath = 107
  /// Longest directory that mariadbd can still work in (FN_REFLEN with room for its files).
  static let longestDirectory = 380

  /// The directory as a path without links.
  let root: String

  init(_ directory: URL) {
    let path = directory.standardizedFileURL.path(percentEncoded: false)
    let resolved = realpath(path, nil)
    defer { free(resolved) }
    var text = resolved.map { String(cString: $0) } ?? path
    while text.count > 1, text.hasSuffix("/") { text.removeLast() }
    root = text
  }

  var data: String { root + "/data" }
  var unfinishedData: String { root + "/data.installing" }
  var temporary: String { root + "/tmp" }
  var errorLog: String { root + "/server.log" }
  var installLog: String { root + "/install.log" }
  var binaryLog: String { root + "/binlog" }
  var pidFile: String { root + "/server.pid" }
  var lockFile: String { root + "/lock" }
  var versionFile: String { data + "/payops-server-version" }
  var securedFile: String { data + "/payops-secured" }

  /// The socket: beside the data, or in a short private folder when that path would be too long.
  var socket: String {
    let near = root + "/server.sock"
    return near.utf8.count <= Self.longestSocketPath ? near : shortFolder + "/server.sock"
  }

  /// A private folder with a short path that belongs to this directory alone.
  var shortFolder: String { "\(shortParent)/\(fingerprint)" }

  var shortParent: String { "/tmp/payops-\(geteuid())" }

  /// FNV-1a of the path: the same in every process, unlike Swift's own hash.
  private var fingerprint: String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in root.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return String(hash, radix: 36)
  }

  /// Whether the socket is in the short folder.
  var usesShortFolder: Bool { !socket.hasPrefix(root + "/") }

  /// Removes the short folder unless the socket belongs there; a folder that is not empty stays.
  func removeUnusedShortFolder() {
    if !usesShortFolder { rmdir(shortFolder) }
  }

  /// Removes links of killed installations, whose targets no longer exist.
  func removeDanglingLinks() {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: shortParent)) ?? []
    for name in names {
      let link = "\(shortParent)/\(name)/root"
      var info = stat()
      guard lstat(link, &info) == 0, access(link, F_OK) != 0 else { continue }
      unlink(link)
      rmdir("\(shortParent)/\(name)")
    }
  }

  /// Makes the short folder and checks that it is private.
  func makeShortFolder() throws(EmbeddedServerError) {
    for folder in [shortParent, shortFolder] {
      if mkdir(folder, 0o700) != 0, errno != EEXIST {
        throw EmbeddedServerError(
          code: .directoryUnusable,
          message: "cannot make the directory \(folder): \(String(cString: strerror(errno)))")
      }
      var info = stat()
      let isPrivate =
        lstat(folder, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
        && info.st_uid == geteuid() && info.st_mode & 0o077 == 0
      guard isPrivate else {
        throw EmbeddedServerError(
          code: .directoryUnusable,
          message: "the directory \(folder) is not private to its owner",
          hint: "remove it, or become its owner and give it mode 0700")
      }
    }
  }
}
