// Tests that say they may run beside each other mostly wait for clocks and processes, not for processors.
[assembly: LevelOfParallelism(4)]
