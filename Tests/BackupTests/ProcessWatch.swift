import Foundation
import Synchronization
import TestSupport
import Testing

/// Searches the arguments and environments of all processes for a text.
final class ProcessWatch: Sendable {
  private struct State {
    var findings: Set<String> = []
    /// Number of scans that found each program among the descendants of this process.
    var programs: [String: Int] = [:]
  }

  private let needle: [UInt8]
  private let state = Mutex(State())

  init(needle: String) { self.needle = Array(needle.utf8) }

  /// Where the text was found.
  var findings: Set<String> { state.withLock { $0.findings } }

  /// Descendant programs that were scanned.
  var programs: Set<String> { state.withLock { Set($0.programs.keys) } }

  /// Scans until the task is cancelled.
  func run() async {
    while !Task.isCancelled {
      scan()
      try? await Task.sleep(for: .milliseconds(15))
    }
  }

  /// Waits until a program has been scanned a number of times more.
  func waitForProgram(_ name: String, scans: Int) async throws {
    let end = ContinuousClock.now + .seconds(60)
    let before = state.withLock { $0.programs[name] ?? 0 }
    while state.withLock({ $0.programs[name] ?? 0 }) < before + scans {
      try #require(ContinuousClock.now < end, "\(name) was never seen")
      try await Task.sleep(for: .milliseconds(2))
    }
  }

  /// Scans every process once.
  func scan() {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    var programs: [pid_t: String] = [:]
    var parents: [pid_t: pid_t] = [:]
    var findings: Set<String> = []
    // No strings and no collections per byte: this scans every process continuously.
    var buffer = [UInt8](repeating: 0, count: 1 << 17)
    for name in names {
      guard let pid = pid_t(name) else { continue }
      for kind in ["cmdline", "environ"] {
        Self.withContents("/proc/\(pid)/\(kind)", &buffer) { bytes in
          if kind == "cmdline", let start = bytes.baseAddress {
            let program = String(cString: start.assumingMemoryBound(to: CChar.self))
            programs[pid] = String(program.split(separator: "/").last ?? "")
          }
          if FileSearch.finds(needle, in: bytes) { findings.insert("/proc/\(pid)/\(kind)") }
        }
      }
      // The name in brackets may hold anything; the state and the parent follow it.
      Self.withContents("/proc/\(pid)/stat", &buffer) { bytes in
        guard let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
          let bracket = strrchr(start, Int32(UInt8(ascii: ")")))
        else { return }
        parents[pid] = pid_t(strtol(bracket + ") S ".utf8.count, nil, 10))
      }
    }
    let own = getpid()
    let below = programs.filter { pid, _ in
      var ancestor = parents[pid]
      while let current = ancestor, current != own { ancestor = parents[current] }
      return ancestor == own
    }
    state.withLock { [below, findings] state in
      state.findings.formUnion(findings)
      for program in Set(below.values) { state.programs[program, default: 0] += 1 }
    }
  }

  /// Runs a body with the bytes of a file of unknown size, followed by a zero.
  private static func withContents(
    _ path: String, _ buffer: inout [UInt8], _ body: (UnsafeRawBufferPointer) -> Void
  ) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var length = 0
    while true {
      let count = buffer.withUnsafeMutableBytes { bytes in
        read(descriptor, bytes.baseAddress.map { $0 + length }, bytes.count - length - 1)
      }
      guard count > 0 else { break }
      length += count
      if length == buffer.count - 1 { buffer += [UInt8](repeating: 0, count: buffer.count) }
    }
    buffer[length] = 0
    buffer.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[..<length])) }
  }
}
