import Foundation
import TestSupport
import Testing

/// One run of the built `payops` binary whose results go to a terminal of a known width.
struct TerminalRun: Sendable {
  /// The exit status.
  let status: Int32
  /// What the terminal got, with its escape sequences.
  let screen: String
  /// What was written to standard error, which is no terminal.
  let errors: String

  /// What the terminal shows without colours.
  var plain: String { screen.replacing(/\u{1B}\[[0-9;]*m/, with: "") }

  /// Runs the program.
  ///
  /// - Parameters:
  ///   - arguments: the arguments
  ///   - columns: the width of the terminal
  ///   - environment: variables added to a minimal environment
  static func payops(
    _ arguments: [String], columns: Int, environment: [String: String] = [:]
  ) async throws -> TerminalRun {
    let folder = try TemporaryDirectory.make("terminal")
    defer { try? FileManager.default.removeItem(at: folder) }
    let errorFile = folder.appending(path: "errors")
    let terminal = try PseudoTerminal(columns: columns)
    let process = try TestProcess(
      try ProgramRun.binary.path, arguments,
      environment: [
        "PATH": "/usr/bin:/bin", "HOME": folder.path, "LANG": "C.UTF-8", "TERM": "xterm",
      ].merging(environment) { $1 },
      directory: folder.path, output: terminal.path, errors: errorFile.path)
    async let screen = terminal.read()
    let status = await process.end(within: .seconds(60))
    terminal.hangUp()
    return TerminalRun(
      status: status, screen: await screen,
      errors: try String(contentsOf: errorFile, encoding: .utf8))
  }
}

/// A terminal without a screen.
private final class PseudoTerminal: Sendable {
  /// The path of the side at which programs write.
  let path: String
  private let master: Int32
  /// Kept open, so that the other side does not see an end before the program has opened it.
  private let slave: Int32

  init(columns: Int) throws {
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    // TIOCSPTLCK and TIOCGPTN of ioctl_tty(2): unlocks the other side, and gives its number.
    var (locked, number): (CInt, CInt) = (0, 0)
    try #require(master >= 0 && ioctl(master, 0x4004_5431, &locked) == 0)
    try #require(ioctl(master, 0x8004_5430, &number) == 0)
    path = "/dev/pts/\(number)"
    slave = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
    try #require(slave >= 0)
    var size = winsize(ws_row: 50, ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    try #require(ioctl(master, UInt(TIOCSWINSZ), &size) == 0)
  }

  deinit { close(master) }

  /// Everything that is written until the last writer has gone.
  func read() async -> String {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async { [master] in
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
          let count = Foundation.read(master, &buffer, buffer.count)
          if count > 0 {
            bytes += buffer.prefix(count)
          } else if count == 0 || errno != EINTR {
            break
          }
        }
        // A terminal gets a carriage return before each line end.
        continuation.resume(
          returning: String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n"))
      }
    }
  }

  /// Leaves the terminal to its writers.
  func hangUp() { close(slave) }
}
