internal import Foundation

/// A folder of backups: each is a folder of its own, with the manifest and the data.
///
/// A backup is built under another name and published by one rename, so every listed one is
/// complete.
package struct BackupFolder: Sendable {
  /// Path of the folder.
  package let path: String

  private static let manifestName = "manifest.json"
  private static let unfinishedPrefix = ".unfinished-"
  private static let deletedPrefix = ".deleted-"
  private static let lockName = ".lock"

  /// Names a folder without touching it.
  package init(path: String) {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    self.path = path
  }

  /// Makes the folder, private to its owner, when it does not exist.
  package func prepare() throws(BackupError) {
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw BackupError(
        .folderUnusable, "cannot make the folder \(path)",
        hint: "check the owner and the mode of its parent, and the free space")
    }
    guard access(path, W_OK | X_OK) == 0 else { throw Self.failure("write into", path) }
  }

  /// A failure of a call of the operating system.
  package static func failure(_ verb: String, _ path: String) -> BackupError {
    let number = errno
    let isFull = number == ENOSPC || number == EDQUOT
    return BackupError(
      isFull ? .noSpace : .folderUnusable,
      "cannot \(verb) \(path): \(String(cString: strerror(number)))",
      hint: isFull
        ? "free some space, or name a folder on another disk with --dir; nothing was published"
        : "check the owner and the mode of the folder")
  }

  // MARK: - Reading

  /// The contents of the folder.
  package struct Contents: Sendable {
    /// Backups, oldest first by sequence.
    package var backups: [BackupManifest] = []
    /// Backups whose manifest is missing or cannot be used.
    package var unreadable: [UnreadableBackup] = []
    /// The last backup made of each schema, even if it is missing.
    package var last: [String: String] = [:]

    /// The last backup made of a schema, when its folder is gone; rotation never removes it.
    package func lost(of schema: String) -> String? {
      guard let id = last[schema], !backups.contains(where: { $0.id == id }),
        !unreadable.contains(where: { $0.name == id })
      else { return nil }
      return id
    }

    /// The schemas whose last backup is gone.
    package var lost: [String] { last.keys.sorted().compactMap { lost(of: $0) } }

    /// The highest number of any of them, readable or not.
    var lastSequence: Int {
      max(backups.map(\.sequence).max() ?? 0, unreadable.compactMap(\.sequence).max() ?? 0)
    }

    /// The regular backups of a schema, oldest first.
    package func inOrder(of schema: String) -> [BackupManifest] {
      backups.filter { $0.schema == schema && $0.isInOrder }
    }
  }

  /// Reads all manifests.
  ///
  /// - Returns: the contents; empty when the folder does not exist.
  package func contents() throws(BackupError) -> Contents {
    guard access(path, F_OK) == 0 else { return Contents() }
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      throw Self.failure("read", path)
    }
    var contents = Contents()
    contents.last = record.newest
    for name in names.sorted() where !name.hasPrefix(".") {
      do throws(BackupError) {
        guard let manifest = try manifest(of: name) else { continue }
        contents.backups.append(manifest)
      } catch {
        contents.unreadable.append(UnreadableBackup(name: name, reason: error.message))
      }
    }
    contents.backups.sort { ($0.sequence, $0.id) < ($1.sequence, $1.id) }
    return contents
  }

  /// Reads the manifest in a folder; nil when the folder is not a backup.
  private func manifest(of name: String) throws(BackupError) -> BackupManifest? {
    let file = "\(path)/\(name)/\(Self.manifestName)"
    let data: Data
    do throws(StoredFile.Trouble) {
      data = try StoredFile.contents(file)
    } catch {
      guard BackupName.isOne(name) else {
        // A folder or file of another program.
        return nil
      }
      if case .unreadable(let number) = error, number != ENOTDIR {
        throw BackupError(
          .unreadable, "\(file) \(error.reason)",
          hint: "nothing is known about the backup; check the owner and the mode of the file, and"
            + " its disk")
      }
      throw BackupError(.unreadableManifest, "\(file) \(error.reason)")
    }
    let manifest = try BackupManifest.decode(data, path: file)
    try manifest.check(name: name, path: file)
    return manifest
  }

  /// One backup.
  ///
  /// - Parameter id: its name.
  /// - Throws: ``BackupError/Code/notFound``, ``BackupError/Code/unreadable`` or
  ///   ``BackupError/Code/unreadableManifest``.
  package func backup(_ id: String) throws(BackupError) -> BackupManifest {
    var info = stat()
    guard BackupName.isOne(id), lstat("\(path)/\(id)", &info) == 0 || errno != ENOENT,
      let manifest = try manifest(of: id)
    else {
      throw BackupError(
        .notFound, "there is no backup \(id) in \(path)", hint: "see `payops backup list`")
    }
    return manifest
  }

  /// Path of the data of a backup.
  package func dataPath(of manifest: BackupManifest) -> String {
    "\(path)/\(manifest.id)/\(manifest.data.file)"
  }

  /// Free bytes where the folder is; nil when unknown.
  package var freeBytes: Int64? {
    var space = statvfs()
    guard statvfs(path, &space) == 0 else { return nil }
    return Int64(clamping: space.f_bavail) * Int64(clamping: space.f_frsize)
  }

  // MARK: - Changing

  /// The lock for changing a folder, released when it is dropped or the process ends.
  package final class Lock: Sendable {
    private let descriptor: Int32

    private init(descriptor: Int32) { self.descriptor = descriptor }

    /// Takes a lock; nil when another process has it.
    ///
    /// - Parameter path: the file, made when missing. Not every system can lock a folder itself.
    package static func take(_ path: String) throws(BackupError) -> Lock? {
      let descriptor = open(
        path, O_RDWR | O_CREAT | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC, 0o600)
      guard descriptor >= 0 else { throw failure("open", path) }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        defer { close(descriptor) }
        if errno == EWOULDBLOCK { return nil }
        throw failure("lock", path)
      }
      return Lock(descriptor: descriptor)
    }

    /// The folder's record of backups, including those that no longer exist.
    var record: FolderRecord {
      get {
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return FolderRecord(Data(bytes.prefix(max(0, count))))
      }
      set {
        // Write the new line first, then cut the rest: a crash in between leaves a readable record.
        let bytes = [UInt8](newValue.line)
        guard pwrite(descriptor, bytes, bytes.count, 0) == bytes.count else { return }
        ftruncate(descriptor, off_t(bytes.count))
        fsync(descriptor)
      }
    }

    deinit {
      // A child process holds this descriptor, too, until its exec.
      flock(descriptor, LOCK_UN)
      close(descriptor)
    }
  }

  /// Locks the folder for this process and removes what killed processes left.
  ///
  /// - Throws: ``BackupError/Code/busy`` when another process has it.
  package func lock() throws(BackupError) -> Lock {
    try prepare()
    let file = "\(path)/\(Self.lockName)"
    guard let lock = try Lock.take(file) else {
      throw BackupError(
        .busy, "another payops is working in \(path)",
        hint: "wait until it ends, then run the same command again")
    }
    sweep()
    return lock
  }

  /// The folder's record; read without its lock.
  var record: FolderRecord {
    FolderRecord((try? StoredFile.contents("\(path)/\(Self.lockName)")) ?? Data())
  }

  /// Removes files that unfinished runs left; only names that payops itself gives.
  private func sweep() {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    for name in names {
      for prefix in [Self.unfinishedPrefix, Self.deletedPrefix] where name.hasPrefix(prefix) {
        if BackupName.isOne(String(name.dropFirst(prefix.count))) { removeOwnFiles(in: name) }
      }
    }
  }

  /// Makes the folder in which a backup is built.
  func makeUnfinished(_ id: String) throws(BackupError) -> String {
    let folder = "\(path)/\(Self.unfinishedPrefix)\(id)"
    guard mkdir(folder, 0o700) == 0 else { throw Self.failure("make", folder) }
    return folder
  }

  /// Gives a finished backup its name.
  func publish(_ manifest: BackupManifest) throws(BackupError) {
    let unfinished = "\(path)/\(Self.unfinishedPrefix)\(manifest.id)"
    try Self.write(try manifest.encoded(), to: "\(unfinished)/\(Self.manifestName)")
    try Self.synchronise(unfinished)
    FaultPoint.reach("create.before-publish")
    let target = "\(path)/\(manifest.id)"
    guard rename(unfinished, target) == 0 else { throw Self.failure("publish", target) }
    FaultPoint.reach("create.published")
    try Self.synchronise(path)
  }

  /// Removes a backup that was not published.
  func discardUnfinished(_ id: String) {
    removeOwnFiles(in: Self.unfinishedPrefix + id)
  }

  /// Replaces the manifest of a published backup.
  package func update(_ manifest: BackupManifest) throws(BackupError) {
    let folder = "\(path)/\(manifest.id)"
    let temporary = "\(folder)/.\(Self.manifestName)"
    try Self.write(try manifest.encoded(), to: temporary)
    FaultPoint.reach("manifest.before-rename")
    guard rename(temporary, "\(folder)/\(Self.manifestName)") == 0 else {
      throw Self.failure("write", "\(folder)/\(Self.manifestName)")
    }
    try Self.synchronise(folder)
  }

  /// Deletes a backup: first its name, then its files. Files that payops did not make stay.
  func delete(_ manifest: BackupManifest) throws(BackupError) {
    let hidden = Self.deletedPrefix + manifest.id
    guard rename("\(path)/\(manifest.id)", "\(path)/\(hidden)") == 0 else {
      throw Self.failure("delete", "\(path)/\(manifest.id)")
    }
    FaultPoint.reach("prune.renamed")
    try Self.synchronise(path)
    removeOwnFiles(in: hidden)
  }

  private func removeOwnFiles(in name: String) {
    let folder = "\(path)/\(name)"
    for file in [
      BackupName.dataFile, BackupName.encryptedDataFile, Self.manifestName,
      ".\(Self.manifestName)",
    ] {
      unlink("\(folder)/\(file)")
    }
    rmdir(folder)
  }

  private static func write(_ data: Data, to path: String) throws(BackupError) {
    unlink(path)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure("write", path) }
    defer { close(descriptor) }
    var rest = [UInt8](data)[...]
    while !rest.isEmpty {
      // A disk that fills up may accept a part first.
      let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { throw failure("write", path) }
      rest = rest.dropFirst(count)
    }
    guard fsync(descriptor) == 0 else { throw failure("write", path) }
  }

  /// Waits until a folder, or a file, is on the disk.
  static func synchronise(_ path: String, isFolder: Bool = true) throws(BackupError) {
    let descriptor = open(path, O_RDONLY | (isFolder ? O_DIRECTORY : 0) | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("open", path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure("write", path) }
  }
}

/// A backup whose manifest is missing or cannot be used.
package struct UnreadableBackup: Sendable, Equatable {
  /// Name of its folder.
  package let name: String
  /// The reason, in one sentence.
  package let reason: String

  /// The number in its name; nil when payops does not give such names.
  package var sequence: Int? { BackupName.sequence(of: name) }

  /// Whether its name is that of a backup of the schema.
  package func isOf(_ schema: String) -> Bool { BackupName.isOne(name, of: schema) }
}

/// Names of backups: schema and instant, with a number when two are made in one second.
enum BackupName {
  static let dataFile = "dump.sql.zst"
  static let encryptedDataFile = "dump.sql.zst.enc"

  /// Makes a name.
  ///
  /// - Parameters:
  ///   - schema: the schema; anything but letters, digits, `_` and `-` becomes `_`.
  ///   - timestamp: `YYYYMMDDTHHMMSSZ`.
  ///   - sequence: keeps names apart.
  package static func make(schema: String, timestamp: String, sequence: Int) -> String {
    let safe = String(
      schema.unicodeScalars.map { scalar in
        scalar.isASCII
          && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
            || scalar == "_" || scalar == "-")
          ? Character(scalar) : "_"
      })
    return "\(safe.prefix(60))-\(timestamp)-\(sequence)"
  }

  /// Whether a text is a name that payops gives to data.
  static func isData(_ text: String) -> Bool { text == dataFile || text == encryptedDataFile }

  /// The number in a name; nil for other texts.
  package static func sequence(of text: String) -> Int? {
    isOne(text) ? text.split(separator: "-").last.flatMap { Int($0) } : nil
  }

  /// Whether a text is a name of a backup of a schema.
  package static func isOne(_ text: String, of schema: String) -> Bool {
    guard isOne(text), let sequence = sequence(of: text) else { return false }
    // Such a name ends with an instant and a number.
    let parts = text.split(separator: "-")
    return text
      == make(schema: schema, timestamp: String(parts[parts.count - 2]), sequence: sequence)
  }

  /// Whether a text is the name of a backup, and so cannot be a path.
  package static func isOne(_ text: String) -> Bool {
    text.wholeMatch(of: #/[A-Za-z0-9_-]{1,60}-\d{8}T\d{6}Z-\d{1,9}/#) != nil
  }
}
