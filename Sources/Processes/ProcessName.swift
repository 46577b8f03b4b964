internal import Foundation

/// Identifies a process uniquely: boot of the machine, process id, start time.
package struct ProcessName: Sendable, Equatable {
  /// The name, at most 128 ASCII characters.
  package let text: String

  /// This process.
  package static let current = ProcessName(pid: getpid()) ?? ProcessName(text: "\(getpid())")

  private init(text: String) { self.text = text }

  /// The process with an id; nil if no process has it.
  private init?(pid: pid_t) {
    func read(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }
    guard let boot = read("/proc/sys/kernel/random/boot_id"),
      let stat = read("/proc/\(pid)/stat"),
      // The name of the program, in parentheses, may contain spaces and parentheses.
      let fields = stat.split(separator: ")").last?.split(separator: " "), fields.count > 19,
      fields[0] != "Z"
    else { return nil }
    text = "\(boot.prefix(8)) \(pid) \(fields[19])"
  }

  /// Whether the process of a name on this host is gone.
  ///
  /// - Parameter text: a name.
  /// - Returns: false for an invalid name.
  package static func isGone(_ text: String) -> Bool {
    let parts = text.split(separator: " ")
    guard parts.count == 3, let pid = pid_t(parts[1]) else { return false }
    // Where /proc hides the processes of others, kill(2) still reports whether one exists.
    guard access("/proc/\(pid)", F_OK) == 0 else { return kill(pid, 0) != 0 && errno == ESRCH }
    return ProcessName(pid: pid)?.text != text
  }
}
