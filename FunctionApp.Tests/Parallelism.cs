// Most of the time goes into waiting, for processes, leases and storage. What changes or hears something of the whole process, such as
// its environment or every span in it, is marked [NonParallelizable] and runs after the others, alone.
[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: LevelOfParallelism(6)]
