import Foundation
import Tabular

/// The machine on which the figures were measured.
enum MachineFacts {
  /// Processor, cores, memory, kernel, load.
  static var json: JSON {
    [
      "cpu": .string(value("model name", in: "/proc/cpuinfo") ?? "unknown"),
      "cores": .integer(ProcessInfo.processInfo.activeProcessorCount),
      "memory_bytes": .integer(Int(clamping: ProcessInfo.processInfo.physicalMemory)),
      "kernel": .string(first(of: "/proc/sys/kernel/osrelease")),
      "system": .string(value("PRETTY_NAME", in: "/etc/os-release") ?? "unknown"),
      "load_at_start": .string(first(of: "/proc/loadavg")),
    ]
  }

  /// The processor, cores, memory and load in one line.
  static var line: String {
    let memory = ProcessInfo.processInfo.physicalMemory >> 30
    return "\(value("model name", in: "/proc/cpuinfo") ?? "unknown processor"), "
      + "\(ProcessInfo.processInfo.activeProcessorCount) cores, \(memory) GiB, "
      + "load \(first(of: "/proc/loadavg").prefix(4))"
  }

  private static func first(of path: String) -> String {
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").first.map(String.init) ?? ""
  }

  private static func value(_ key: String, in path: String) -> String? {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix(key) })
    else { return nil }
    return line.split(whereSeparator: { $0 == ":" || $0 == "=" }).dropFirst().first.map {
      $0.trimmingCharacters(in: CharacterSet(charactersIn: " \t\""))
    }
  }
}
