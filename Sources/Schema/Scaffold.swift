enum SchemaModule { static let n = EmbeddedFiles.byPath.count }
