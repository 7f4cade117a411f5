package main

// cityFlags say which city a command opens: a folder with the embedded store, or a PostgreSQL server. A command embeds them.
type cityFlags struct {
	Dir      string `xor:"city" required:"" type:"path" placeholder:"D" help:"城市数据所在的文件夹。 Folder of the city's data."`
	Database string `xor:"city" required:"" placeholder:"URL" help:"PostgreSQL 数据库地址（postgres://…）。 Address of a PostgreSQL database."`
}
