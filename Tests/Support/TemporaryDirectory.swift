package import Foundation
internal import Synchronization

/// Directories that are removed with the test process.
package enum TemporaryDirectory {
  private struct Entry: Sendable {
    let path: String
    var process: (@Sendable () -> Int32?)?
  }

  private static let entries = Mutex<[Entry]>([])

  private static let atExit: Bool = {
    removeLeftovers()
    return atexit {
      let all = TemporaryDirectory.entries.withLock { $0 }
      for entry in all { TemporaryDirectory.destroy(entry) }
    } == 0
  }()

  /// In memory where there is enough: a throw-away server mostly creates and removes files, which
  /// on a disk takes a quarter of the test time.
  static let place: String = {
    var space = statvfs()
    let memory = "/dev/shm"
    guard statvfs(memory, &space) == 0, access(memory, W_OK) == 0 else { return "/tmp" }
    let room = UInt64(space.f_bavail) * UInt64(space.f_frsize)
    let status = (try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") } ?? ""
    let available = (line.split(separator: " ").dropFirst().first.flatMap { UInt64($0) } ?? 0) << 10
    return min(room, available) >= 12 << 30 ? memory : "/tmp"
  }()

  /// Makes a directory that is removed when the process ends.
  ///
  /// - Parameter name: part of the directory's name.
  /// - Returns: the new directory, private to its owner.
  package static func make(_ name: String) throws -> URL {
    guard atExit else { throw CocoaError(.fileWriteUnknown) }
    var template = Array("\(place)/payops-test-\(getpid())-\(name)-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    entries.withLock { $0.append(Entry(path: path)) }
    return URL(filePath: path, directoryHint: .isDirectory)
  }

  /// Registers a process to be killed before the directory is removed.
  static func beforeRemoval(of directory: URL, kill process: @escaping @Sendable () -> Int32?) {
    entries.withLock { entries in
      let path = path(directory)
      for index in entries.indices where entries[index].path == path {
        entries[index].process = process
      }
    }
  }

  /// Removes a directory before the process ends.
  package static func remove(_ directory: URL) {
    let path = path(directory)
    let found = entries.withLock { entries -> [Entry] in
      let found = entries.filter { $0.path == path }
      entries.removeAll { $0.path == path }
      return found
    }
    for entry in found { destroy(entry) }
  }

  private static func path(_ directory: URL) -> String {
    let path = directory.path(percentEncoded: false)
    return path.hasSuffix("/") ? String(path.dropLast()) : path
  }

  private static func destroy(_ entry: Entry) {
    if let pid = entry.process?() {
      kill(pid, SIGKILL)
      while entry.process?() == pid { usleep(2000) }
    }
    try? FileManager.default.removeItem(atPath: entry.path)
  }

  /// Removes the directories of test processes that were killed.
  private static func removeLeftovers() {
    for place in ["/tmp", "/dev/shm"] { removeLeftovers(in: place) }
  }

  private static func removeLeftovers(in place: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
    for name in names where name.hasPrefix("payops-test-") {
      let parts = name.split(separator: "-")
      guard parts.count > 2, let pid = pid_t(parts[2]), access("/proc/\(pid)", F_OK) != 0 else {
        continue
      }
      var info = stat()
      guard lstat("\(place)/\(name)", &info) == 0, info.st_uid == geteuid() else { continue }
      try? FileManager.default.removeItem(atPath: "\(place)/\(name)")
    }
  }
}
