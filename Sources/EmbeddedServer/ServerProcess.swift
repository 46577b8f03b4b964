internal import Foundation

/// A running mariadbd, known by its command line rather than by a pid file, which may be stale.
struct ServerProcess: Sendable, Equatable {
  let pid: pid_t
  let arguments: [String]

  /// The socket in the command line of the process.
  var socket: String? { value(of: "--socket=") }
  /// The loopback port in the command line of the process.
  var port: Int? { value(of: "--port=").flatMap { Int($0) } }

  /// Finds the server of a data directory.
  static func find(dataDirectory: String) -> ServerProcess? {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    for name in names {
      guard let pid = pid_t(name), let process = ServerProcess(pid: pid),
        process.arguments.contains("--datadir=\(dataDirectory)")
      else { continue }
      return process
    }
    return nil
  }

  /// Reads the command line of a process; nil when it is not a running mariadbd of this user.
  init?(pid: pid_t) {
    guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline"), !data.isEmpty
    else { return nil }
    let words = data.split(separator: 0, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    guard let program = words.first?.split(separator: "/").last,
      program == "mariadbd" || program == "mysqld"
    else { return nil }
    var info = stat()
    guard stat("/proc/\(pid)", &info) == 0, info.st_uid == geteuid() else { return nil }
    self.pid = pid
    arguments = words
    guard isAlive else { return nil }
  }

  /// Whether the process runs; one that has ended and was not waited for does not.
  var isAlive: Bool {
    // This reaps an ended child of ours.
    var status: Int32 = 0
    if waitpid(pid, &status, WNOHANG) == pid { return false }
    guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/stat") else { return false }
    let text = String(decoding: data, as: UTF8.self)
    guard let end = text.lastIndex(of: ")") else { return false }
    let state = text[text.index(after: end)...].first { !$0.isWhitespace }
    return state != "Z" && state != "X"
  }

  private func value(of option: String) -> String? {
    arguments.last { $0.hasPrefix(option) }.map { String($0.dropFirst(option.count)) }
  }
}
